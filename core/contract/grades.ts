import { z } from 'zod';
import { CompetitionParams, Empty, Id, Instant, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Grade, GradeScheme, Points } from './grade-scheme.ts';

const GradeParams = CompetitionParams.extend({ id: Id.describe('The student’s') });
const Reason = z.string().trim().min(1).max(2_000);

export const SchemeInForce = z
  .object({
    phase: Slug,
    version: z.number().int().describe('0: there is none yet'),
    scheme: GradeScheme.nullable(),
  })
  .meta({ id: 'SchemeInForce' });
export type SchemeInForce = z.infer<typeof SchemeInForce>;

/** A rubric item's mark, as staff see it. */
export const Mark = z
  .object({
    item: z.string(),
    points: z.number(),
    comment: z.string(),
    grader: z.object({ userId: z.number().int(), name: z.string() }),
    gradedAt: Instant,
    second: z.boolean().describe('A second opinion: it counts in place of the first'),
  })
  .meta({ id: 'Mark' });
export type Mark = z.infer<typeof Mark>;

export const Released = z.object({
  grade: Grade,
  releasedAt: Instant,
  regradeUntil: Instant.nullable().describe('Until when a regrade may be asked for; null: not at all'),
});

export const GradebookRow = z
  .object({
    userId: z.number().int(),
    name: z.string(),
    email: z.string(),
    studentId: z.string(),
    username: z.string(),
    section: z.string().describe('Empty: in none'),
    team: z.string().nullable().describe('The pseudonym; null: in no team'),
    submissionId: z.number().int().nullable().describe('The submission that counts'),
    submittedAt: Instant.nullable(),
    missing: z.boolean().describe('Handed nothing in: no submission counts, nothing is marked, nothing was set'),
    grade: Grade.describe('As it stands now'),
    unmarked: z.array(z.string()).describe('Rubric items that are still to be graded'),
    marks: z.array(Mark),
    override: z.object({ points: z.number(), reason: z.string(), setAt: Instant }).nullable(),
    released: Released.extend({
      differs: z.boolean().describe('Whether the grade as it stands now is another one'),
    }).nullable(),
  })
  .meta({ id: 'GradebookRow' });
export type GradebookRow = z.infer<typeof GradebookRow>;

const Statistic = z.number().nullable().describe('Of those who handed something in; null: nobody did');

export const Gradebook = z
  .object({
    competition: Slug,
    phase: Slug,
    version: z.number().int(),
    scheme: GradeScheme,
    most: z.number().describe('The most points that can be had, the bonus included'),
    revealed: z.boolean().describe('Grades can be released only after the private scores are revealed'),
    waiting: z.number().int().describe('Submissions that wait or run: grades may change by them'),
    rows: z.array(GradebookRow).describe('Every student of the course, by name'),
    summary: z.object({
      students: z.number().int(),
      missing: z.number().int(),
      mean: Statistic,
      standardDeviation: Statistic.describe('Of the class as a whole, not an estimate from a sample'),
      quartiles: z.array(z.number()).length(5).nullable().describe('The least, the three quartiles, the most'),
      histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })),
    }),
  })
  .meta({ id: 'Gradebook' });
export type Gradebook = z.infer<typeof Gradebook>;

export const getGradeScheme = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/grade-scheme',
  schema: {
    operationId: 'getGradeScheme',
    summary: 'How a phase becomes a grade (staff)',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: SchemeInForce },
  },
} as const satisfies Endpoint;

export const putGradeScheme = {
  method: 'PUT',
  url: '/api/v1/competitions/:slug/grade-scheme',
  schema: {
    operationId: 'putGradeScheme',
    summary: 'Say how a phase becomes a grade (instructor)',
    description: 'What was released stays as it is until it is released anew.',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z.strictObject({
      version: z.number().int().min(0).describe('Of the scheme that this one replaces; 0: there is none yet'),
      scheme: GradeScheme,
    }),
    response: { 200: SchemeInForce },
  },
} as const satisfies Endpoint;

export const getGradebook = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/grades',
  schema: {
    operationId: 'getGradebook',
    summary: 'The grades of all students of the course as they stand now, with a summary (staff)',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    response: { 200: Gradebook },
  },
} as const satisfies Endpoint;

export const putMarks = {
  method: 'PUT',
  url: '/api/v1/competitions/:slug/grades/:id/marks',
  schema: {
    operationId: 'putMarks',
    summary: 'Grade items of the rubric by hand (staff)',
    description:
      'All marks are kept, or none. A second opinion is another person’s than the first, and counts in its place; both stay.',
    tags: ['Grades'],
    params: GradeParams,
    querystring: PhaseQuery,
    body: z.strictObject({
      marks: z
        .array(
          z.strictObject({ item: z.string().max(40), points: Points, comment: z.string().max(10_000).default('') }),
        )
        .min(1)
        .max(100),
      second: z.boolean().default(false).describe('As a second opinion'),
      wholeTeam: z.boolean().default(false).describe('For everybody in the student’s team'),
    }),
    response: { 200: z.object({ marks: z.array(Mark) }) },
  },
} as const satisfies Endpoint;

export const putOverride = {
  method: 'PUT',
  url: '/api/v1/competitions/:slug/grades/:id/override',
  schema: {
    operationId: 'putOverride',
    summary: 'Set a student’s grade, whatever it is computed to be (instructor)',
    tags: ['Grades'],
    params: GradeParams,
    querystring: PhaseQuery,
    body: z.strictObject({ points: Points, reason: Reason.describe('The student sees it') }),
    response: { 204: Empty },
  },
} as const satisfies Endpoint;

export const deleteOverride = {
  method: 'DELETE',
  url: '/api/v1/competitions/:slug/grades/:id/override',
  schema: {
    operationId: 'deleteOverride',
    summary: 'Let a student’s grade be computed again (instructor)',
    tags: ['Grades'],
    params: GradeParams,
    querystring: PhaseQuery,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;

const chosenStudents = z
  .array(Id)
  .min(1)
  .max(10_000)
  .optional()
  .describe('User ids; without them all students of the course');

export const releaseGrades = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/grades/release',
  schema: {
    operationId: 'releaseGrades',
    summary: 'Show students their grades as they stand now (instructor)',
    description:
      'What was released before and has not changed stays as it is, with its time: doing it twice changes nothing. Refused before the private scores are ' +
      'revealed, and, unless `incomplete` says otherwise, while submissions wait or items of the rubric are still to be graded.',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z.strictObject({ students: chosenStudents, incomplete: z.boolean().default(false) }),
    response: { 200: z.object({ released: z.number().int().describe('New or changed'), unchanged: z.number().int() }) },
  },
} as const satisfies Endpoint;

export const withdrawGrades = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/grades/withdraw',
  schema: {
    operationId: 'withdrawGrades',
    summary: 'Take released grades back: their students see none any more (instructor)',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z.strictObject({ students: chosenStudents }),
    response: { 200: z.object({ withdrawn: z.number().int() }) },
  },
} as const satisfies Endpoint;

export const GradesFormat = z.enum(['plain', 'gradescope', 'canvas', 'blackboard']);
export type GradesFormat = z.infer<typeof GradesFormat>;

export const exportGrades = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/grades.csv',
  schema: {
    operationId: 'exportGrades',
    summary: 'Grades as CSV, for a spreadsheet or a learning-management system (staff)',
    description: 'Every student of the course is in it; who handed nothing in has a zero.',
    tags: ['Grades'],
    params: CompetitionParams,
    querystring: PhaseQuery.extend({
      format: GradesFormat.default('plain'),
      grades: z
        .enum(['current', 'released'])
        .default('current')
        .describe('As they stand now, or as they were released, with an empty cell where none was'),
    }),
    produces: ['text/csv'],
    response: {},
  },
} as const satisfies Endpoint;
