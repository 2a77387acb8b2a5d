import { z } from 'zod';
import { CourseParams, Empty, Id, Instant, nextCursor } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const HookFormat = z.enum(['json', 'slack', 'discord']);
export type HookFormat = z.infer<typeof HookFormat>;

/** What a hook may be asked to tell. */
export const HookEvent = z.enum(['competition.opened', 'submission.scored', 'grade.released', 'run.failed']);
export type HookEvent = z.infer<typeof HookEvent>;

/** What is sent: those, and what was asked for by hand. */
export const SentEvent = z.enum([...HookEvent.options, 'test']);
export type SentEvent = z.infer<typeof SentEvent>;

const Name = z.string().trim().min(1).max(100).describe('For people');
const Url = z.string().trim().min(1).max(2000).describe('Where it is sent: https, and no private address');
const Events = z
  .array(HookEvent)
  .min(1, 'at least one event')
  .transform((events) => HookEvent.options.filter((event) => events.includes(event)));

export const Hook = z
  .object({
    id: z.number().int(),
    name: z.string(),
    place: z.string().describe('Where it is sent, without what may be a secret of the address'),
    format: HookFormat,
    events: z.array(HookEvent),
    createdAt: Instant,
    owner: z
      .object({ userId: z.number().int(), name: z.string() })
      .nullable()
      .describe('Who made it or changed it last'),
    silent: z
      .boolean()
      .describe('Its owner is no instructor of the course any more: it tells nothing until an instructor saves it'),
    oldSecretUntil: Instant.nullable().describe('Until when the secret from before the last rotation signs as well'),
    failingSince: Instant.nullable().describe('The first failure that no success has followed'),
    disabledAt: Instant.nullable(),
    disabledReason: z.string().nullable().describe('Null where an instructor disabled it'),
    waiting: z.number().int().describe('Deliveries that are still to be made'),
  })
  .meta({ id: 'Hook' });
export type Hook = z.infer<typeof Hook>;

const Secret = z.string().describe('whsec_ and the base64 of the key; it is shown this once');

export const HookAttempt = z
  .object({
    attempt: z.number().int(),
    at: Instant,
    tookMs: z.number().int(),
    status: z.number().int().nullable().describe('Null: there was no answer'),
    answer: z.string().describe('Its first bytes'),
    error: z.string().nullable().describe('Null: it was taken'),
  })
  .meta({ id: 'HookAttempt' });
export type HookAttempt = z.infer<typeof HookAttempt>;

export const HookDelivery = z
  .object({
    id: z.number().int(),
    messageId: z.string().describe('webhook-id: the same however often it is sent'),
    event: SentEvent,
    at: Instant.describe('When it happened'),
    state: z.enum(['waiting', 'delivered', 'failed']),
    tries: z.number().int(),
    nextTryAt: Instant.nullable(),
    reason: z.string().nullable().describe('Why it was given up, where that was not for the last attempt'),
    attempts: z.array(HookAttempt).describe('The last 20, newest first'),
  })
  .meta({ id: 'HookDelivery' });
export type HookDelivery = z.infer<typeof HookDelivery>;

const HookParams = CourseParams.extend({ id: Id });

export const listHooks = {
  method: 'GET',
  url: '/api/v1/courses/:course/hooks',
  schema: {
    operationId: 'listHooks',
    summary: 'The hooks of a course (instructor)',
    tags: ['Courses'],
    params: CourseParams,
    response: { 200: z.object({ hooks: z.array(Hook) }) },
  },
} as const satisfies Endpoint;

export const createHook = {
  method: 'POST',
  url: '/api/v1/courses/:course/hooks',
  schema: {
    operationId: 'createHook',
    summary: 'Have a course’s events sent to an address; a test is sent at once (instructor)',
    tags: ['Courses'],
    params: CourseParams,
    body: z.strictObject({ name: Name, url: Url, format: HookFormat.default('json'), events: Events }),
    response: { 201: z.object({ hook: Hook, secret: Secret }) },
  },
} as const satisfies Endpoint;

export const editHook = {
  method: 'PATCH',
  url: '/api/v1/courses/:course/hooks/:id',
  schema: {
    operationId: 'editHook',
    summary: 'Change a hook, disable it or enable it again (instructor); who does so answers for it from then on',
    tags: ['Courses'],
    params: HookParams,
    body: z.strictObject({
      name: Name.optional(),
      url: Url.optional(),
      events: Events.optional(),
      enabled: z.boolean().optional(),
    }),
    response: { 200: Hook },
  },
} as const satisfies Endpoint;

export const rotateHookSecret = {
  method: 'POST',
  url: '/api/v1/courses/:course/hooks/:id/secret',
  schema: {
    operationId: 'rotateHookSecret',
    summary: 'Give a hook another secret (instructor)',
    tags: ['Courses'],
    params: HookParams,
    body: z.strictObject({
      keepOldHours: z.number().int().min(0).max(168).default(24).describe('How long the old one signs as well'),
    }),
    response: { 200: z.object({ hook: Hook, secret: Secret }) },
  },
} as const satisfies Endpoint;

export const deleteHook = {
  method: 'DELETE',
  url: '/api/v1/courses/:course/hooks/:id',
  schema: {
    operationId: 'deleteHook',
    summary: 'Take a hook away, with its log and what it still had to send (instructor)',
    tags: ['Courses'],
    params: HookParams,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;

export const testHook = {
  method: 'POST',
  url: '/api/v1/courses/:course/hooks/:id/test',
  schema: {
    operationId: 'testHook',
    summary: 'Send a test to a hook’s address (instructor)',
    tags: ['Courses'],
    params: HookParams,
    response: { 202: HookDelivery },
  },
} as const satisfies Endpoint;

export const listHookDeliveries = {
  method: 'GET',
  url: '/api/v1/courses/:course/hooks/:id/deliveries',
  schema: {
    operationId: 'listHookDeliveries',
    summary: 'What a hook sent in the last 30 days, and what came of it, newest first (instructor)',
    tags: ['Courses'],
    params: HookParams,
    querystring: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
    }),
    response: { 200: z.object({ deliveries: z.array(HookDelivery), nextCursor }) },
  },
} as const satisfies Endpoint;

export const redeliverHook = {
  method: 'POST',
  url: '/api/v1/courses/:course/hook-deliveries/:id/redeliver',
  schema: {
    operationId: 'redeliverHook',
    summary: 'Send again, under the same id, what was delivered or given up; what waits is tried at once (instructor)',
    tags: ['Courses'],
    params: HookParams,
    response: { 202: HookDelivery },
  },
} as const satisfies Endpoint;
