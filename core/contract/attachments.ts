import { z } from 'zod';
import { Instant, Slug, SubmissionParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';

/** What may be handed in beside a submission, such as a report or a statement on the use of AI. */
export const AttachmentField = z.object({
  id: Slug,
  title: z.string().trim().min(1).max(200),
  kind: z.enum(['file', 'text']),
  required: z
    .boolean()
    .default(false)
    .describe('Told to be missing until it is there; may be added until the phase closes'),
  endings: z
    .array(z.string().regex(/^\.[a-z0-9]{1,10}$/, 'a dot, and lower-case letters or digits, such as .pdf'))
    .max(20)
    .default([])
    .describe('How a file’s name may end; empty: in any way'),
});
export type AttachmentField = z.infer<typeof AttachmentField>;

export const AttachmentFields = z
  .array(AttachmentField)
  .max(20)
  .refine((fields) => new Set(fields.map(({ id }) => id)).size === fields.length, 'each id once');

export const Attachment = z
  .object({ field: Slug, name: z.string(), bytes: z.number().int(), sha256: z.string(), addedAt: Instant })
  .meta({ id: 'Attachment' });

const params = SubmissionParams.extend({ field: Slug });
const Attachments = z.object({ attachments: z.array(Attachment) });

export const putAttachment = {
  method: 'PUT',
  url: '/api/v1/submissions/:id/attachments/:field',
  schema: {
    operationId: 'putAttachment',
    summary: 'Hand something in beside a submission, or replace it, until the phase closes',
    description: 'A text is sent as its bytes, in UTF-8. Staff may do so for a team at any time.',
    tags: ['Submissions'],
    params,
    querystring: z.object({ filename: z.string().max(255).optional().describe('For raw bytes: the file’s name') }),
    upload: { fields: [] },
    response: { 200: Attachments },
  },
} as const satisfies Endpoint;

export const downloadAttachment = {
  method: 'GET',
  url: '/api/v1/submissions/:id/attachments/:field',
  schema: {
    operationId: 'downloadAttachment',
    summary: 'What was handed in beside a submission: for its team and staff, always as a download',
    tags: ['Submissions'],
    params,
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const deleteAttachment = {
  method: 'DELETE',
  url: '/api/v1/submissions/:id/attachments/:field',
  schema: {
    operationId: 'deleteAttachment',
    summary: 'Take back what was handed in beside a submission, until the phase closes',
    tags: ['Submissions'],
    params,
    response: { 200: Attachments },
  },
} as const satisfies Endpoint;
