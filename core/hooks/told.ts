import { z } from 'zod';

/** What hooks tell. Never a person's name or address, never a private score: whoever reads the chat or the receiver's log may be anybody. */

const Named = z.object({ slug: z.string(), title: z.string() });
const Course = Named.extend({ timeZone: z.string() });
const where = { course: Course, competition: Named, phase: Named };
const Instant = z.coerce
  .date()
  .transform((at) => at.toISOString())
  .nullable();
const Submission = z.object({ id: z.number().int(), kind: z.string(), part: z.string().nullable() });
const Team = z.object({ id: z.number().int(), name: z.string() });

/** An event with what is known of it, as the outbox keeps it. */
export const Told = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('competition.opened'),
    data: z.object({ ...where, opensAt: Instant, dueAt: Instant }),
  }),
  z.object({
    event: z.literal('submission.scored'),
    data: z.object({
      ...where,
      submission: Submission,
      team: Team,
      metric: z.string(),
      publicScore: z.number().nullable(),
      /** It had a score before: a rerun, or another answer key. */
      again: z.boolean(),
    }),
  }),
  z.object({
    event: z.literal('grade.released'),
    data: z.object({ ...where, released: z.number().int() }),
  }),
  z.object({
    event: z.literal('run.failed'),
    data: z.object({
      ...where,
      submission: Submission,
      team: Team,
      /** Whose fault it was. */
      cause: z.enum(['program', 'server']),
    }),
  }),
  z.object({ event: z.literal('test'), data: z.object({ course: Course, hook: z.string() }) }),
]);
export type Told = z.output<typeof Told>;
