import { z } from 'zod';
import { Instant } from './common.ts';
import type { Endpoint } from './endpoint.ts';

/** An image that was inspected and may run code. */
export const GraderImage = z
  .object({
    name: z.string().describe('As run settings name it: python, python-cuda, scorer'),
    digest: z.string(),
    bytes: z.number().int(),
    registeredAt: Instant,
  })
  .meta({ id: 'GraderImage' });
export type GraderImage = z.infer<typeof GraderImage>;

export const listImages = {
  method: 'GET',
  url: '/api/v1/images',
  schema: {
    operationId: 'listImages',
    summary: 'The images that code may run in, newest first (staff); `npm run images` builds and registers them',
    tags: ['Runs'],
    response: { 200: z.object({ images: z.array(GraderImage) }) },
  },
} as const satisfies Endpoint;
