import { z } from 'zod';
import { Lateness } from './dates.ts';
import { Attachment } from './attachments.ts';
import { CompetitionParams, Id, Instant, nextCursor, PhaseQuery, Slug, SubmissionParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { ProblemItem } from './problems.ts';
import { RunSummary, SubmissionKind } from './runs.ts';
import { Board, BoardScores } from './scores.ts';

export const SubmissionState = z.enum(['queued', 'running', 'scored', 'rejected', 'failed', 'cancelled']);
export type SubmissionState = z.infer<typeof SubmissionState>;

/** The states that nothing follows, but a rerun by staff. */
export const terminalStates: readonly SubmissionState[] = ['scored', 'rejected', 'failed', 'cancelled'];

export const Submission = z
  .object({
    id: z.number().int(),
    competition: Slug,
    phase: Slug,
    team: z.string().describe('The team’s pseudonym'),
    state: SubmissionState,
    attempt: z.number().int(),
    receivedAt: Instant,
    startedAt: Instant.optional(),
    finishedAt: Instant.optional(),
    kind: SubmissionKind,
    late: Lateness.optional().describe('Where it came after the due time that holds for its team'),
    queuePosition: z.number().int().optional().describe('1: next; while queued, among what needs the same graders'),
    estimatedStartAt: Instant.optional().describe('A guess, while code is queued, from how long recent runs took'),
    latestStartAt: Instant.optional().describe(
      'In place of the guess where no run of the last day tells: if all that is ahead takes as long as it may',
    ),
    waitingFor: z.string().optional().describe('One sentence, where nobody can run it at present'),
    file: z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() }),
    claimed: z
      .object({ bytes: z.number().int(), sha256: z.string() })
      .optional()
      .describe('Predictions that were sent with the code: they are what is scored'),
    run: RunSummary.optional().describe('The newest run of its code'),
    part: Slug.optional().describe('The part of the phase that it is for'),
    attachments: z.array(Attachment).describe('What its team handed in beside it'),
    missing: z.array(z.string()).optional().describe('The titles of what is required beside it and not there'),
    note: z.string(),
    reason: z.string().optional().describe('One sentence, where it was rejected or failed'),
    errors: z.array(ProblemItem).optional().describe('At most ten'),
    moreErrors: z.number().int().optional(),
    notices: z.array(z.string()),
    scores: z
      .object({ public: BoardScores, private: BoardScores.optional() })
      .optional()
      .describe('`private` for staff, and for its team after the reveal'),
    selected: z.boolean().describe('Whether its team chose it as one that counts'),
    countsOn: z
      .array(Board)
      .describe('The boards on which it counts for its team; the private one as `scores.private`'),
    disqualified: z
      .object({ at: Instant, reason: z.string() })
      .optional()
      .describe('By the staff: it counts on no board, and stays charged'),
    submittedBy: z
      .object({ name: z.string(), email: z.string().optional().describe('For staff') })
      .optional()
      .describe('For staff, and for a team of several: who of it'),
    fault: z.string().optional().describe('What broke, for staff'),
    alert: z.string().optional().describe('What staff should look at'),
    settled: z
      .boolean()
      .optional()
      .describe('For staff, where something broke or was noticed: whether they have seen to it'),
  })
  .meta({ id: 'Submission' });
export type Submission = z.infer<typeof Submission>;

export const Allowance = z
  .object({
    dailyLimit: z.number().int().nullable(),
    totalLimit: z.number().int().nullable(),
    leftToday: z.number().int().nullable().describe('Null: no limit'),
    leftTotal: z.number().int().nullable(),
    nextSlotAt: Instant.nullable().describe('When the next submission is possible; null: now, or never'),
  })
  .meta({ id: 'Allowance' });
export type Allowance = z.infer<typeof Allowance>;

export const SubmissionReceipt = Submission.extend({
  leftToday: z.number().int().nullable().describe('Null: no limit'),
  leftTotal: z.number().int().nullable(),
}).meta({ id: 'SubmissionReceipt' });
export type SubmissionReceipt = z.infer<typeof SubmissionReceipt>;

const uploadQuery = PhaseQuery.extend({
  filename: z.string().max(255).optional().describe('For raw bytes: the file’s name'),
  part: z
    .string()
    .max(63)
    .optional()
    .describe('For raw bytes: the part of the phase that it is for; needed where it has parts'),
  note: z.string().max(1000).optional().describe('For raw bytes: a note to yourself'),
});

export const createSubmission = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/submissions',
  schema: {
    operationId: 'createSubmission',
    summary: 'Submit a predictions file, or code',
    description:
      'As `multipart/form-data` with `file` and `note`, or as the raw bytes with `?filename=`. Code is a .py, an .ipynb, or a .zip with main.py or ' +
      'main.ipynb at its top; a form may send the predictions that it made beside it as `predictions`: those are scored, and a rerun of the ' +
      'code verifies them. What is handed in beside it goes in `attachment-` and the id of its field, as a file or as text. A request that is repeated with the same ' +
      '`Idempotency-Key` header is answered with the submission that the first one made.',
    tags: ['Submissions'],
    params: CompetitionParams,
    querystring: uploadQuery,
    headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
    upload: { fields: ['note', 'part'], files: ['predictions'] },
    response: { 202: SubmissionReceipt },
  },
} as const satisfies Endpoint;

export const CheckResult = z
  .object({
    valid: z.boolean(),
    rows: z.number().int().optional(),
    errors: z.array(ProblemItem).describe('At most ten'),
    moreErrors: z.number().int(),
    notices: z.array(z.string()),
  })
  .meta({ id: 'CheckResult' });
export type CheckResult = z.infer<typeof CheckResult>;

export const checkSubmission = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/check',
  schema: {
    operationId: 'checkSubmission',
    summary:
      'Check a predictions file as scoring would, or code as it would be taken, without submitting it; no score, no charge',
    tags: ['Submissions'],
    params: CompetitionParams,
    querystring: uploadQuery,
    upload: { fields: ['note'] },
    response: { 200: CheckResult },
  },
} as const satisfies Endpoint;

export const getAllowance = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/allowance',
  schema: {
    operationId: 'getAllowance',
    summary: 'How many submissions my team has left',
    tags: ['Submissions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: Allowance },
  },
} as const satisfies Endpoint;

export const listSubmissions = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/submissions',
  schema: {
    operationId: 'listSubmissions',
    summary: 'My team’s submissions, newest first; all teams’ for staff',
    tags: ['Submissions'],
    params: CompetitionParams,
    querystring: PhaseQuery.extend({
      state: SubmissionState.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: Id.optional(),
    }),
    response: { 200: z.object({ submissions: z.array(Submission), nextCursor }) },
  },
} as const satisfies Endpoint;

export const getSubmission = {
  method: 'GET',
  url: '/api/v1/submissions/:id',
  schema: {
    operationId: 'getSubmission',
    summary: 'One submission of my team; any for staff',
    tags: ['Submissions'],
    params: SubmissionParams,
    response: { 200: Submission },
  },
} as const satisfies Endpoint;

export const downloadSubmission = {
  method: 'GET',
  url: '/api/v1/submissions/:id/file',
  schema: {
    operationId: 'downloadSubmission',
    summary: 'The file as it was sent',
    tags: ['Submissions'],
    params: SubmissionParams,
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const cancelSubmission = {
  method: 'POST',
  url: '/api/v1/submissions/:id/cancel',
  schema: {
    operationId: 'cancelSubmission',
    summary: 'Take a waiting submission back, or stop code that runs; it is not charged',
    tags: ['Submissions'],
    params: SubmissionParams,
    response: { 200: Submission },
  },
} as const satisfies Endpoint;

export const rerunSubmission = {
  method: 'POST',
  url: '/api/v1/submissions/:id/rerun',
  schema: {
    operationId: 'rerunSubmission',
    summary: 'Score one submission again (staff); the old score stands until the new one is there',
    description:
      'Code runs again with the settings that its phase has now. With `as` it runs as that attempt did: the same image, command, limits, seed and ' +
      'inputs. What it writes is scored with the answer key that is in force.',
    tags: ['Submissions'],
    params: SubmissionParams,
    querystring: z.object({ as: z.coerce.number().int().min(1).optional().describe('The attempt of one of its runs') }),
    response: { 202: Submission },
  },
} as const satisfies Endpoint;

export const selectSubmission = {
  method: 'PUT',
  url: '/api/v1/submissions/:id/selection',
  schema: {
    operationId: 'selectSubmission',
    summary: 'Choose a scored submission as one that counts, or no longer, until the phase closes',
    description:
      'Where the phase counts what is selected. The private board then ranks the best of the selected ones, or, where a team selected none, the one ' +
      'with its best public score; the public board shows the best public score in any case. Staff may choose for a team at any time.',
    tags: ['Submissions'],
    params: SubmissionParams,
    body: z.strictObject({ selected: z.boolean() }),
    response: { 200: Submission },
  },
} as const satisfies Endpoint;

export const createBaseline = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/baselines',
  schema: {
    operationId: 'createBaseline',
    summary: 'Add a baseline: a named line on the leaderboard, without a rank (instructor)',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: uploadQuery.extend({
      name: z.string().trim().min(1).max(100).describe('As shown on the leaderboard'),
    }),
    upload: { fields: ['note'] },
    response: { 202: Submission },
  },
} as const satisfies Endpoint;

export const submissionEvents = {
  method: 'GET',
  url: '/api/v1/submissions/:id/events',
  schema: {
    operationId: 'submissionEvents',
    summary: 'A submission’s changes as server-sent events',
    description:
      'Each `submission` event holds the submission as JSON; the stream starts with its present state, unless Last-Event-ID says that it is ' +
      'known, and ends after a terminal state.',
    tags: ['Live'],
    params: SubmissionParams,
    produces: ['text/event-stream'],
    response: {},
  },
} as const satisfies Endpoint;
