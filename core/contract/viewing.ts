import { z } from 'zod';
import { CourseParams, Id } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { Me } from './people.ts';

export const beginViewing = {
  method: 'POST',
  url: '/api/v1/courses/:course/viewing',
  schema: {
    operationId: 'beginViewing',
    summary: 'Look at the course as one of its students sees it (staff)',
    description:
      'For this session, until `DELETE /api/v1/viewing` or signing out: everything is answered as to that student, and nothing can be changed. Begin and end are in the log. Only for a session, not for an API token.',
    tags: ['Courses'],
    params: CourseParams,
    body: z.strictObject({ userId: Id }),
    response: { 200: Me },
  },
} as const satisfies Endpoint;

export const endViewing = {
  method: 'DELETE',
  url: '/api/v1/viewing',
  schema: {
    operationId: 'endViewing',
    summary: 'Stop looking as a student; as who I am again',
    tags: ['Courses'],
    response: { 200: Me },
  },
} as const satisfies Endpoint;
