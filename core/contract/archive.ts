import { z } from 'zod';
import { CourseParams, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const exportCourse = {
  method: 'GET',
  url: '/api/v1/courses/:course/archive',
  schema: {
    operationId: 'exportCourse',
    summary: 'The whole course as one archive, answer keys and what students sent included (instructor)',
    description:
      'A tar of `archive.json` (what it is), `rows.jsonl` (a line a row) and `files/<SHA-256>`. Without passwords, sessions and tokens. It holds ' +
      'student records: keep it as such.',
    tags: ['Courses'],
    params: CourseParams,
    produces: ['application/x-tar'],
    response: {},
  },
} as const satisfies Endpoint;

export const restoreCourse = {
  method: 'POST',
  url: '/api/v1/courses/restore',
  schema: {
    operationId: 'restoreCourse',
    summary: 'Make a course from an archive, of this server or another of the same version (site admin)',
    description:
      'All or nothing. People are known by their address: who has no account gets one without a password. Ids are new; times, scores and the ' +
      'audit log are as they were.',
    tags: ['Courses'],
    querystring: z.object({
      filename: z.string().max(200).default('course.tar'),
      suffix: z
        .string()
        .regex(/^[a-z0-9-]{1,20}$/, 'lower-case letters, digits and hyphens, at most 20')
        .optional()
        .describe('Added to the slugs of the course and of its competitions: -2026'),
    }),
    upload: { fields: [] },
    response: {
      201: z.object({
        course: Slug,
        competitions: z.array(Slug),
        people: z.number().int(),
        newPeople: z.number().int().describe('Who had no account here'),
        submissions: z.number().int(),
        files: z.number().int(),
      }),
    },
  },
} as const satisfies Endpoint;

export const anonymiseCourse = {
  method: 'POST',
  url: '/api/v1/courses/:course/anonymise',
  schema: {
    operationId: 'anonymiseCourse',
    summary: 'Take the students’ names, addresses and notes out of a course that is over, for good (instructor)',
    description:
      'Scores, boards and pseudonyms stay. Accounts that are in no other course are deleted. Files that students sent stay as they are, and may hold names.',
    tags: ['Courses'],
    params: CourseParams,
    body: z.strictObject({
      confirm: z.string().describe('The course’s slug, since this can’t be undone'),
      preview: z.boolean().default(false).describe('True: only tells what would change'),
    }),
    response: {
      200: z.object({
        students: z.number().int(),
        accountsDeleted: z.number().int(),
        textsChanged: z.number().int().describe('Rows in which a name, an address or a note was replaced'),
      }),
    },
  },
} as const satisfies Endpoint;
