import { z } from 'zod';
import { CourseParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const Column = z.string().trim().min(1).max(200).optional();

/** Which file is meant: without any column an export of Gradescope, Canvas or Blackboard, or a table with plain names of columns. */
const rosterQuery = z.object({
  drop: z.stringbool().default(true).describe('Whether students who are not in the file are taken off the course'),
  domain: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^@?[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a mail domain such as bu.edu')
    .transform((domain) => domain.replace(/^@/, ''))
    .optional()
    .describe('Makes addresses of usernames, where the file has none'),
  email: Column.describe('The name of the column that holds the e-mail address; the others likewise'),
  name: Column,
  firstName: Column,
  lastName: Column,
  studentId: Column,
  username: Column,
  section: Column,
});
export type RosterQuery = z.output<typeof rosterQuery>;

const Person = { email: z.string(), name: z.string() };

export const RosterPreview = z
  .object({
    format: z.enum(['gradescope', 'canvas', 'blackboard', 'plain', 'mapped']),
    added: z.array(
      z.object({ line: z.number().int(), ...Person, studentId: z.string(), username: z.string(), section: z.string() }),
    ),
    changed: z.array(
      z.object({
        line: z.number().int(),
        userId: z.number().int(),
        ...Person,
        restored: z.boolean().describe('Was taken off the course, and is back'),
        changes: z.array(
          z.object({ field: z.enum(['section', 'studentId', 'username']), from: z.string(), to: z.string() }),
        ),
      }),
    ),
    dropped: z.array(z.object({ userId: z.number().int(), ...Person })),
    unchanged: z.number().int(),
    skipped: z.number().int().describe('Rows that are no student: staff, possible points, a test student'),
    newSections: z.array(z.string()),
    state: z.string().describe('Names the file and the course as they were looked at: the import takes it'),
  })
  .meta({ id: 'RosterPreview' });
export type RosterPreview = z.infer<typeof RosterPreview>;

export const previewRoster = {
  method: 'POST',
  url: '/api/v1/courses/:course/roster/preview',
  schema: {
    operationId: 'previewRoster',
    summary: 'What a roster file would do, and nothing else (instructor)',
    description:
      'Takes an export of Gradescope, Canvas or Blackboard, or any CSV with a header. What is wrong with the file is told with line and column.',
    tags: ['Courses'],
    params: CourseParams,
    querystring: rosterQuery,
    upload: { fields: [] },
    response: { 200: RosterPreview },
  },
} as const satisfies Endpoint;

export const importRoster = {
  method: 'POST',
  url: '/api/v1/courses/:course/roster/import',
  schema: {
    operationId: 'importRoster',
    summary: 'Do what the preview of the same file told (instructor)',
    description:
      'Refused with `conflict` where the file, the settings or the course’s people are not those that were previewed. New people can sign in once they have been invited.',
    tags: ['Courses'],
    params: CourseParams,
    querystring: rosterQuery.extend({ state: z.string().min(1).max(100).describe('The preview’s') }),
    upload: { fields: [] },
    response: { 200: RosterPreview },
  },
} as const satisfies Endpoint;

export const exportRoster = {
  method: 'GET',
  url: '/api/v1/courses/:course/roster.csv',
  schema: {
    operationId: 'exportRoster',
    summary: 'The people of a course as CSV (staff); the import reads it',
    tags: ['Courses'],
    params: CourseParams,
    produces: ['text/csv'],
    response: { 200: z.string() },
  },
} as const satisfies Endpoint;
