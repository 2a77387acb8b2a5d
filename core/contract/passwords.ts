import { z } from 'zod';
import { CourseParams, Empty, Id, Instant } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Email } from './people.ts';

export const NewPassword = z.string().min(10, 'at least 10 characters').max(1024);
const Token = z.string().min(1).max(200);

export const Invitation = z
  .object({
    userId: z.number().int(),
    email: z.string(),
    name: z.string(),
    mailed: z.boolean(),
    url: z
      .string()
      .nullable()
      .describe(
        'To be passed on. Null where it is only mailed: the person is in a course that is not yours as well; without mail, only a site admin can make a link then',
      ),
    expiresAt: Instant.nullable(),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

export const inviteMembers = {
  method: 'POST',
  url: '/api/v1/courses/:course/invitations',
  schema: {
    operationId: 'inviteMembers',
    summary: 'Make links with which new people set their password (instructor)',
    description:
      'For those of the course who have none yet. Each link works once, for 14 days, and takes the place of an earlier one. Mailed where the server sends mail.',
    tags: ['Courses'],
    params: CourseParams,
    body: z.strictObject({
      userIds: z.array(Id).max(20_000).optional().describe('Whom; without it all who have no password yet'),
      mail: z.boolean().default(true).describe('Whether they are mailed as well, where the server can'),
    }),
    response: { 200: z.object({ invitations: z.array(Invitation) }) },
  },
} as const satisfies Endpoint;

export const createPasswordLink = {
  method: 'POST',
  url: '/api/v1/password-links',
  schema: {
    operationId: 'createPasswordLink',
    summary: 'Make a link with which somebody sets a new password (site admin)',
    description: 'For where no mail can be sent. It works once, for two hours.',
    tags: ['Sign-in'],
    body: z.strictObject({ email: Email }),
    response: { 201: z.object({ url: z.string(), expiresAt: Instant }) },
  },
} as const satisfies Endpoint;

export const forgotPassword = {
  method: 'POST',
  url: '/api/v1/password/forgotten',
  schema: {
    operationId: 'forgotPassword',
    summary: 'Ask for a mail with a link that sets a new password',
    description: 'The answer is the same whether there is an account with this address or not.',
    tags: ['Sign-in'],
    body: z.strictObject({ email: Email }),
    response: { 202: Empty },
  },
} as const satisfies Endpoint;

export const PasswordLink = z
  .object({
    purpose: z.enum(['invite', 'reset', 'join']),
    email: z.string(),
    course: z.string().nullable().describe('The title of the course that is joined by it'),
    expiresAt: Instant,
  })
  .meta({ id: 'PasswordLink' });

export const getPasswordLink = {
  method: 'GET',
  url: '/api/v1/password-links/:token',
  schema: {
    operationId: 'getPasswordLink',
    summary: 'Whom a link is for; nothing is used up',
    tags: ['Sign-in'],
    params: z.object({ token: Token }),
    response: { 200: PasswordLink },
  },
} as const satisfies Endpoint;

export const setPassword = {
  method: 'POST',
  url: '/api/v1/password',
  schema: {
    operationId: 'setPassword',
    summary: 'Set a password by a link; it works once',
    description: 'All sessions of the person end. API tokens stay.',
    tags: ['Sign-in'],
    body: z.strictObject({ token: Token, password: NewPassword }),
    response: { 200: z.object({ email: z.string() }) },
  },
} as const satisfies Endpoint;
