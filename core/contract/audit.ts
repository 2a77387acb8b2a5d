import { z } from 'zod';
import { CourseParams, Id, Instant, nextCursor } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const Actor = z.object({ userId: z.number().int(), name: z.string(), email: z.string() });

/** One act of staff. */
export const AuditEntry = z
  .object({
    id: z.number().int(),
    at: Instant,
    actor: Actor,
    action: z.string().describe('The operationId of the endpoint'),
    subject: z.string().describe('What it was done to'),
    before: z.unknown().describe('What changed, as it was; absent where there was nothing').optional(),
    after: z.unknown().describe('What changed, as it became; absent where nothing is left').optional(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

const Day = z.iso.date({ error: 'must be a day such as 2026-12-01' });

const auditQuery = z.object({
  text: z
    .string()
    .trim()
    .max(200)
    .optional()
    .describe(
      'Found in the subject, the action, the actor’s name and address, or in what changed; upper case is as lower',
    ),
  action: z.string().max(100).optional(),
  actor: Id.optional(),
  from: Day.optional().describe('The first day, in the course’s zone'),
  to: Day.optional().describe('The last day'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: Id.optional(),
});
export type AuditQuery = z.input<typeof auditQuery>;

export const listAuditEntries = {
  method: 'GET',
  url: '/api/v1/courses/:course/audit',
  schema: {
    operationId: 'listAuditEntries',
    summary: 'What the staff of a course did, newest first (staff)',
    description:
      'Every act that changed something: who, when, what, and how it was before and after. Nothing of it can be changed or taken away.',
    tags: ['Courses'],
    params: CourseParams,
    querystring: auditQuery,
    response: {
      200: z.object({
        entries: z.array(AuditEntry),
        nextCursor,
        actions: z.array(z.string()).describe('All that there are in the course’s log'),
        actors: z.array(Actor).describe('Likewise'),
      }),
    },
  },
} as const satisfies Endpoint;
