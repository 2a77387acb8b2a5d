import { z } from 'zod';
import { Empty, Id, Instant, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const Role = z.enum(['student', 'ta', 'instructor']);
export type Role = z.infer<typeof Role>;

export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('an e-mail address such as ada@example.edu'));

export const Me = z
  .object({
    id: z.number().int(),
    email: z.string(),
    name: z.string(),
    isAdmin: z.boolean(),
    viewingAs: z
      .object({ course: Slug, viewer: z.string().describe('Who really looks') })
      .optional()
      .describe('Staff who look at a course as this student: nothing can be changed'),
    courses: z.array(z.object({ slug: Slug, title: z.string(), timeZone: z.string(), role: Role })),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const ApiToken = z
  .object({
    id: z.number().int(),
    name: z.string(),
    hint: z.string().describe('The first characters, to tell one from another'),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof ApiToken>;

export const signIn = {
  method: 'POST',
  url: '/api/v1/session',
  schema: {
    operationId: 'signIn',
    summary: 'Sign in; answers with an HttpOnly cookie',
    tags: ['Sign-in'],
    body: z.object({ email: Email, password: z.string().min(1).max(1024) }),
    response: { 200: Me },
  },
} as const satisfies Endpoint;

export const signOut = {
  method: 'DELETE',
  url: '/api/v1/session',
  schema: { operationId: 'signOut', summary: 'Sign out', tags: ['Sign-in'], response: { 204: Empty } },
} as const satisfies Endpoint;

export const getMe = {
  method: 'GET',
  url: '/api/v1/me',
  schema: { operationId: 'getMe', summary: 'Who I am, and my courses', tags: ['Sign-in'], response: { 200: Me } },
} as const satisfies Endpoint;

export const listTokens = {
  method: 'GET',
  url: '/api/v1/tokens',
  schema: {
    operationId: 'listTokens',
    summary: 'My API tokens that are in force',
    tags: ['Sign-in'],
    response: { 200: z.object({ tokens: z.array(ApiToken) }) },
  },
} as const satisfies Endpoint;

export const createToken = {
  method: 'POST',
  url: '/api/v1/tokens',
  schema: {
    operationId: 'createToken',
    summary: 'Make an API token; it is shown this once',
    description: 'Send it as `Authorization: Bearer <token>`. Only its hash is stored.',
    tags: ['Sign-in'],
    body: z.object({
      name: z.string().trim().min(1).max(100),
      expiresInDays: z.number().int().min(1).max(3650).optional(),
    }),
    response: { 201: ApiToken.extend({ token: z.string() }) },
  },
} as const satisfies Endpoint;

export const revokeToken = {
  method: 'DELETE',
  url: '/api/v1/tokens/:id',
  schema: {
    operationId: 'revokeToken',
    summary: 'Revoke one of my API tokens at once',
    tags: ['Sign-in'],
    params: z.object({ id: Id }),
    response: { 204: Empty },
  },
} as const satisfies Endpoint;
