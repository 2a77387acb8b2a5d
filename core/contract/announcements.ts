import { z } from 'zod';
import { CourseParams, Empty, Id, Instant, nextCursor } from './common.ts';
import type { Endpoint } from './endpoint.ts';

const text = {
  title: z.string().trim().min(1).max(200),
  body: z.string().max(50_000).describe('Markdown'),
};

/** Once for each announcement, however often it is saved. */
const mail = z
  .boolean()
  .default(false)
  .describe('Whether everybody in the course is mailed it as well, if they were not yet');

export const Announcement = z
  .object({
    id: z.number().int(),
    title: z.string(),
    body: z.string().describe('Markdown'),
    publishedAt: Instant.nullable().describe('Null: a draft, which only staff see'),
    editedAt: Instant.nullable().describe('When the text was last changed after students could see it'),
    mailedAt: Instant.nullable().describe('When it was mailed to everybody; null: it never was'),
  })
  .meta({ id: 'Announcement' });
export type Announcement = z.infer<typeof Announcement>;

export const listAnnouncements = {
  method: 'GET',
  url: '/api/v1/courses/:course/announcements',
  schema: {
    operationId: 'listAnnouncements',
    summary: 'What the staff told the course, newest first; before that, for staff, the drafts',
    tags: ['Courses'],
    params: CourseParams,
    querystring: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.coerce.number().int().min(0).max(1_000_000).optional(),
    }),
    response: { 200: z.object({ announcements: z.array(Announcement), nextCursor }) },
  },
} as const satisfies Endpoint;

export const createAnnouncement = {
  method: 'POST',
  url: '/api/v1/courses/:course/announcements',
  schema: {
    operationId: 'createAnnouncement',
    summary: 'Tell the course something (staff)',
    tags: ['Courses'],
    params: CourseParams,
    body: z.strictObject({ ...text, published: z.boolean().default(true).describe('False: a draft'), mail }),
    response: { 201: Announcement },
  },
} as const satisfies Endpoint;

const AnnouncementParams = CourseParams.extend({ id: Id });

export const editAnnouncement = {
  method: 'PATCH',
  url: '/api/v1/courses/:course/announcements/:id',
  schema: {
    operationId: 'editAnnouncement',
    summary: 'Change an announcement, publish it, or make it a draft again (staff)',
    tags: ['Courses'],
    params: AnnouncementParams,
    body: z.strictObject({ ...z.object(text).partial().shape, published: z.boolean().optional(), mail }),
    response: { 200: Announcement },
  },
} as const satisfies Endpoint;

export const deleteAnnouncement = {
  method: 'DELETE',
  url: '/api/v1/courses/:course/announcements/:id',
  schema: {
    operationId: 'deleteAnnouncement',
    summary: 'Take an announcement away (staff)',
    tags: ['Courses'],
    params: AnnouncementParams,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;
