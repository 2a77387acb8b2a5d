import { z } from 'zod';
import { CourseParams, Empty, Id, Instant, InstantInput, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Email } from './people.ts';

const MailDomain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^@?[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a mail domain such as bu.edu')
  .transform((domain) => domain.replace(/^@/, ''));

export const JoinCode = z
  .object({
    id: z.number().int(),
    code: z.string(),
    mailDomains: z.array(z.string()).describe('Addresses of these and of their subdomains may join'),
    section: z.object({ id: z.number().int(), name: z.string() }).nullable(),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
  })
  .meta({ id: 'JoinCode' });
export type JoinCode = z.infer<typeof JoinCode>;

export const listJoinCodes = {
  method: 'GET',
  url: '/api/v1/courses/:course/join-codes',
  schema: {
    operationId: 'listJoinCodes',
    summary: 'The codes in force with which students join a course (staff)',
    tags: ['Courses'],
    params: CourseParams,
    response: { 200: z.object({ joinCodes: z.array(JoinCode) }) },
  },
} as const satisfies Endpoint;

export const createJoinCode = {
  method: 'POST',
  url: '/api/v1/courses/:course/join-codes',
  schema: {
    operationId: 'createJoinCode',
    summary: 'Make a code with which students of some mail domains join (instructor)',
    tags: ['Courses'],
    params: CourseParams,
    body: z.strictObject({
      mailDomains: z.array(MailDomain).min(1, 'at least one mail domain').max(20),
      sectionId: Id.nullable().default(null).describe('Where they are put'),
      expiresAt: InstantInput.nullable().default(null),
    }),
    response: { 201: JoinCode },
  },
} as const satisfies Endpoint;

export const revokeJoinCode = {
  method: 'DELETE',
  url: '/api/v1/courses/:course/join-codes/:id',
  schema: {
    operationId: 'revokeJoinCode',
    summary: 'End a code at once (instructor); who has joined by it stays',
    tags: ['Courses'],
    params: CourseParams.extend({ id: Id }),
    response: { 204: Empty },
  },
} as const satisfies Endpoint;

const CodeParams = z.object({ code: z.string().min(1).max(100) });

export const getJoinCode = {
  method: 'GET',
  url: '/api/v1/join/:code',
  schema: {
    operationId: 'getJoinCode',
    summary: 'Which course a code is of, and whose mail domains may join',
    tags: ['Courses'],
    params: CodeParams,
    response: { 200: z.object({ course: z.string().describe('Its title'), mailDomains: z.array(z.string()) }) },
  },
} as const satisfies Endpoint;

export const askToJoin = {
  method: 'POST',
  url: '/api/v1/join/:code/requests',
  schema: {
    operationId: 'askToJoin',
    summary: 'Ask, without an account, for a mail with a link that makes one and joins',
    description: 'The address counts only once its mail was read, so this needs a server that sends mail.',
    tags: ['Courses'],
    params: CodeParams,
    body: z.strictObject({ email: Email, name: z.string().trim().min(1).max(200) }),
    response: { 202: Empty },
  },
} as const satisfies Endpoint;

export const joinCourse = {
  method: 'POST',
  url: '/api/v1/join/:code',
  schema: {
    operationId: 'joinCourse',
    summary: 'Join a course by its code, with my account',
    tags: ['Courses'],
    params: CodeParams,
    response: { 200: z.object({ course: Slug }) },
  },
} as const satisfies Endpoint;
