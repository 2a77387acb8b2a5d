import { z } from 'zod';
import { CourseParams, Empty, Id } from './common.ts';
import type { Endpoint } from './endpoint.ts';

export const Section = z
  .object({ id: z.number().int(), name: z.string(), students: z.number().int().describe('Who are in it now') })
  .meta({ id: 'Section' });
export type Section = z.infer<typeof Section>;

const body = z.strictObject({ name: z.string().trim().min(1).max(200) });
const SectionParams = CourseParams.extend({ id: Id });

export const listSections = {
  method: 'GET',
  url: '/api/v1/courses/:course/sections',
  schema: {
    operationId: 'listSections',
    summary: 'The sections of a course (staff)',
    tags: ['Courses'],
    params: CourseParams,
    response: { 200: z.object({ sections: z.array(Section) }) },
  },
} as const satisfies Endpoint;

export const createSection = {
  method: 'POST',
  url: '/api/v1/courses/:course/sections',
  schema: {
    operationId: 'createSection',
    summary: 'Make a section (instructor)',
    tags: ['Courses'],
    params: CourseParams,
    body,
    response: { 201: Section },
  },
} as const satisfies Endpoint;

export const renameSection = {
  method: 'PATCH',
  url: '/api/v1/courses/:course/sections/:id',
  schema: {
    operationId: 'renameSection',
    summary: 'Rename a section (instructor)',
    tags: ['Courses'],
    params: SectionParams,
    body,
    response: { 200: Section },
  },
} as const satisfies Endpoint;

export const deleteSection = {
  method: 'DELETE',
  url: '/api/v1/courses/:course/sections/:id',
  schema: {
    operationId: 'deleteSection',
    summary: 'Take a section away (instructor); its people stay in the course, in no section',
    tags: ['Courses'],
    params: SectionParams,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;
