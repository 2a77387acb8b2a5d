import { z } from 'zod';
import { CompetitionParams, CourseParams, Empty, Id, Instant, InstantInput, PhaseQuery, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const percent = z.number().min(0).max(100);

/** What being late costs, in percent of what was earned. */
export const LatePolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }).describe('Late ones are marked as such, and cost nothing'),
  z
    .strictObject({
      kind: z.literal('percent'),
      percent,
      per: z.enum(['hour', 'day']).describe('Each started one; a day is 24 hours'),
      cap: percent.optional().describe('The most that is taken off; 100 unless said otherwise'),
    })
    .describe('So many percent for each started hour or day'),
  z
    .strictObject({
      kind: z.literal('bank'),
      percentPerDayBeyond: percent
        .optional()
        .describe('For each started day that the bank does not cover; 100 unless said otherwise'),
    })
    .describe(
      'Started days are taken from the student’s late days of the whole course, phase by phase in the order of their due times',
    ),
]);
export type LatePolicy = z.infer<typeof LatePolicy>;

/** The dates of a phase that hold for me or my team. */
export const MyDates = z
  .object({
    dueAt: Instant.nullable(),
    lateUntil: Instant.nullable().describe('Later than due, submissions are taken until then'),
    closesAt: Instant.nullable().describe('The very last moment, grace included'),
    extended: z.boolean().describe('Whether they are later than the class’s'),
  })
  .meta({ id: 'MyDates' });
export type MyDates = z.infer<typeof MyDates>;

/** How late a submission is. */
export const Lateness = z
  .object({
    seconds: z.number().int().describe('After the due time that holds for its team'),
    penaltyPercent: z
      .number()
      .nullable()
      .describe('What it costs if it counts; null: its days are taken from the student’s late days'),
  })
  .meta({ id: 'Lateness' });
export type Lateness = z.infer<typeof Lateness>;

const reason = z
  .string()
  .trim()
  .min(1, 'say why, for other staff')
  .max(2000)
  .describe('For staff; students don’t see it');

export const Extension = z
  .object({
    id: z.number().int(),
    phase: Slug,
    student: z.object({ userId: z.number().int(), name: z.string(), email: z.string() }).nullable(),
    team: z.object({ id: z.number().int(), name: z.string() }).nullable(),
    dueAt: Instant.nullable(),
    lateUntil: Instant.nullable(),
    reason: z.string(),
    createdAt: Instant,
    createdBy: z.string(),
  })
  .meta({ id: 'Extension' });
export type Extension = z.infer<typeof Extension>;

export const listExtensions = {
  method: 'GET',
  url: '/api/v1/competitions/:slug/extensions',
  schema: {
    operationId: 'listExtensions',
    summary: 'Who has other dates in a competition (staff)',
    tags: ['Competitions'],
    params: CompetitionParams,
    response: { 200: z.object({ extensions: z.array(Extension) }) },
  },
} as const satisfies Endpoint;

export const addExtension = {
  method: 'POST',
  url: '/api/v1/competitions/:slug/extensions',
  schema: {
    operationId: 'addExtension',
    summary: 'Give a student or a team later dates in a phase (staff)',
    description:
      'It never makes anybody’s dates earlier: of all that holds for somebody, the latest counts, and a team has what any of its members has. ' +
      'Submissions that are there already are judged by it as well.',
    tags: ['Competitions'],
    params: CompetitionParams,
    querystring: PhaseQuery,
    body: z
      .strictObject({
        userId: Id.optional(),
        teamId: Id.optional(),
        dueAt: InstantInput.optional(),
        lateUntil: InstantInput.optional().describe('Without it, as long after the new due time as for the class'),
        reason,
      })
      .refine(({ userId, teamId }) => (userId === undefined) !== (teamId === undefined), {
        message: 'say who: either userId or teamId',
        path: ['userId'],
      })
      .refine(({ dueAt, lateUntil }) => dueAt !== undefined || lateUntil !== undefined, {
        message: 'give a new due time, or a new time until which late submissions are taken',
        path: ['dueAt'],
      }),
    response: { 201: Extension },
  },
} as const satisfies Endpoint;

export const deleteExtension = {
  method: 'DELETE',
  url: '/api/v1/competitions/:slug/extensions/:id',
  schema: {
    operationId: 'deleteExtension',
    summary: 'Take an extension back (staff); what was submitted stays, and is judged by the dates that are left',
    tags: ['Competitions'],
    params: CompetitionParams.extend({ id: Id }),
    response: { 204: Empty },
  },
} as const satisfies Endpoint;

export const Accommodation = z
  .object({
    userId: z.number().int(),
    name: z.string(),
    email: z.string(),
    extraDays: z.number().int().describe('Calendar days of the course’s zone after each due time'),
    timeFactor: z.number().describe('Of the time between opening and due: 1.5 is half as much again'),
    reason: z.string(),
    setAt: Instant,
  })
  .meta({ id: 'Accommodation' });
export type Accommodation = z.infer<typeof Accommodation>;

export const listAccommodations = {
  method: 'GET',
  url: '/api/v1/courses/:course/accommodations',
  schema: {
    operationId: 'listAccommodations',
    summary: 'Who has more time in every phase of the course (staff)',
    tags: ['Courses'],
    params: CourseParams,
    response: { 200: z.object({ accommodations: z.array(Accommodation) }) },
  },
} as const satisfies Endpoint;

const AccommodationParams = CourseParams.extend({ id: Id.describe('Of the person') });

export const setAccommodation = {
  method: 'PUT',
  url: '/api/v1/courses/:course/accommodations/:id',
  schema: {
    operationId: 'setAccommodation',
    summary: 'Give a student more time in every phase (instructor); replaces what they had',
    tags: ['Courses'],
    params: AccommodationParams,
    body: z
      .strictObject({
        extraDays: z.number().int().min(0).max(60).default(0),
        timeFactor: z.number().min(1).max(10).default(1),
        reason,
      })
      .refine(({ extraDays, timeFactor }) => extraDays > 0 || timeFactor > 1, {
        message: 'give some days, or a factor above 1',
        path: ['extraDays'],
      }),
    response: { 200: Accommodation },
  },
} as const satisfies Endpoint;

export const deleteAccommodation = {
  method: 'DELETE',
  url: '/api/v1/courses/:course/accommodations/:id',
  schema: {
    operationId: 'deleteAccommodation',
    summary: 'Take a student’s standing accommodation away (instructor)',
    tags: ['Courses'],
    params: AccommodationParams,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;

/** How many of the course's late days a student has used, and where. */
export const LateDays = z
  .object({
    userId: z.number().int(),
    name: z.string(),
    email: z.string(),
    used: z.number().int(),
    left: z.number().int(),
    uses: z
      .array(
        z.object({
          competition: Slug,
          phase: Slug,
          title: z.string().describe('Of the competition, and of the phase where that is another one'),
          daysLate: z.number().int().describe('Started days after the due time that holds for the team'),
          fromBank: z.number().int().describe('How many of them the late days cover'),
        }),
      )
      .describe('In the order in which late days are taken: by due time'),
  })
  .meta({ id: 'LateDays' });
export type LateDays = z.infer<typeof LateDays>;

export const listLateDays = {
  method: 'GET',
  url: '/api/v1/courses/:course/late-days',
  schema: {
    operationId: 'listLateDays',
    summary: 'Who has used how many of the course’s late days (staff)',
    description: 'Worked out from the submissions that count now, in every phase whose late policy is the bank.',
    tags: ['Courses'],
    params: CourseParams,
    response: {
      200: z.object({
        bankDays: z.number().int().describe('What each student has in all; editCourse sets it'),
        phases: z.number().int().describe('Phases whose late policy is the bank'),
        students: z.array(LateDays).describe('Every student of the course, by name'),
      }),
    },
  },
} as const satisfies Endpoint;
