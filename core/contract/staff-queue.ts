import { z } from 'zod';
import { CourseParams, Instant, Slug, SubmissionParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Submission } from './submissions.ts';

/** What needs somebody of the staff, from the most urgent to the least. */
export const QueueKind = z.enum(['failed', 'flagged', 'regrade', 'rerun', 'ungraded']);
export type QueueKind = z.infer<typeof QueueKind>;

export const QueueItem = z
  .object({
    key: z.string().describe('Tells items apart; stays with an item as long as it is there'),
    kind: QueueKind,
    competition: Slug,
    competitionTitle: z.string(),
    phase: Slug,
    phaseTitle: z.string(),
    who: z.string().describe('The name of the student, or of who began a rerun'),
    team: z.string().nullable().describe('The team’s pseudonym, where it is about a submission'),
    text: z
      .string()
      .describe('What broke, what was noticed, what was asked, or what is to be graded; cut where it is long'),
    since: Instant,
    count: z.number().int().describe('Of flagged submissions of one team: how many; else 1'),
    submissionId: z.number().int().nullable(),
    userId: z.number().int().nullable().describe('The student who is to be graded, or who asked'),
  })
  .meta({ id: 'QueueItem' });
export type QueueItem = z.infer<typeof QueueItem>;

export const StaffQueue = z
  .object({
    counts: z
      .array(z.object({ kind: QueueKind, competition: Slug, count: z.number().int() }))
      .describe('Of all that there is, whatever the question was narrowed down to'),
    items: z.array(QueueItem).describe('By kind, the oldest first'),
    more: z.boolean().describe('Whether there are more than `limit`'),
  })
  .meta({ id: 'StaffQueue' });
export type StaffQueue = z.infer<typeof StaffQueue>;

export const getStaffQueue = {
  method: 'GET',
  url: '/api/v1/courses/:course/queue',
  schema: {
    operationId: 'getStaffQueue',
    summary: 'All in a course that needs somebody of its staff',
    description:
      'failed: what the graders gave up on, reruns included. flagged: what looks like probing for labels, one item for a team. regrade: open requests. ' +
      'rerun: reruns of a phase that are paused. ungraded: students with items of the rubric still to be graded, once they can hand nothing in any more. ' +
      'What was settled is not there, until it is graded again.',
    tags: ['Courses'],
    params: CourseParams,
    querystring: z.object({
      kind: QueueKind.optional(),
      competition: Slug.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(200),
    }),
    response: { 200: StaffQueue },
  },
} as const satisfies Endpoint;

export const settleSubmission = {
  method: 'PUT',
  url: '/api/v1/submissions/:id/settled',
  schema: {
    operationId: 'settleSubmission',
    summary: 'Take what broke, or what was noticed, from the queue of what needs the staff, or put it back (staff)',
    description:
      'Of a submission that was noticed, together with those of its team in the same phase that were noticed before it. When it is graded again it is new.',
    tags: ['Submissions'],
    params: SubmissionParams,
    body: z.strictObject({ settled: z.boolean() }),
    response: { 200: Submission },
  },
} as const satisfies Endpoint;
