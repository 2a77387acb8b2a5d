import { z } from 'zod';

/**
 * Every way in which a request can fail, on one screen: type → status and title. The api throws `new AppError(type, detail)`, every
 * failure leaves as `application/problem+json` (RFC 9457), and the web switches on `type`.
 */
export const problems = {
  'validation-failed': { status: 400, title: 'The request does not have the expected form' },
  'file-missing': { status: 400, title: 'No file was sent' },
  'upload-interrupted': { status: 400, title: 'The upload ended early' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'The address or the password is wrong' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'only-viewing': { status: 403, title: 'You are only looking, as a student' },
  'cross-site': { status: 403, title: 'The request came from another site' },
  'not-open-yet': { status: 403, title: 'The competition is not open yet' },
  'deadline-passed': { status: 403, title: 'The deadline has passed' },
  'board-hidden': { status: 403, title: 'The private leaderboard is not revealed yet' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'This clashes with what is there' },
  'already-finished': { status: 409, title: 'The submission is no longer waiting' },
  'link-expired': { status: 410, title: 'This link can’t be used any more' },
  'file-too-large': { status: 413, title: 'The file is too large' },
  'unsupported-media-type': { status: 415, title: 'This content type is not understood here' },
  'competition-incomplete': { status: 422, title: 'The competition is not ready to be published' },
  'kind-not-accepted': { status: 422, title: 'This kind of file is not accepted here' },
  'code-rejected': { status: 422, title: 'The code can’t be run' },
  'mail-off': { status: 422, title: 'This server sends no mail' },
  'roster-rejected': { status: 422, title: 'The roster has errors' },
  'folder-rejected': { status: 422, title: 'The folder has errors' },
  'archive-rejected': { status: 422, title: 'The archive can’t be restored' },
  'answer-key-rejected': { status: 422, title: 'The answer key has errors' },
  'limit-reached': { status: 429, title: 'The limit of submissions is reached' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'The service is not available right now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemType = keyof typeof problems;

/** What a list of errors holds: `path` for a part of a request, `line` (or `row`, of an array) and `column` for a place in a file. */
export const ProblemItem = z.object({
  path: z.string().optional(),
  code: z.string().optional(),
  line: z.number().int().optional().describe('From 1, the header included'),
  row: z.number().int().optional().describe('Of an array, from 0'),
  column: z.string().optional(),
  message: z.string(),
});
export type ProblemItem = z.infer<typeof ProblemItem>;

export const Problem = z
  .object({
    type: z.string().describe('What failed; stable, for programs.'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('A sentence for a person: what happened and what to do.'),
    errors: z.array(ProblemItem).optional(),
    moreErrors: z.number().int().optional().describe('How many errors there are beyond those listed.'),
    nextSlotAt: z.string().optional().describe('When the next submission is possible, where a limit refused this one.'),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
