import { z } from 'zod';
import { AttachmentField, AttachmentFields } from './attachments.ts';
import { Instant, InstantInput, Slug } from './common.ts';
import { counting, countingSettings } from './counting.ts';
import { LatePolicy, MyDates } from './dates.ts';
import { RunSettingsEdit } from './run-settings-edit.ts';
import { RunSettings, SubmissionKind } from './runs.ts';

const limit = z.number().int().min(1).max(100_000).nullable();

/** What an instructor sets of a phase. */
export const phaseSettings = {
  opensAt: InstantInput.nullable().optional().describe('Null: open from publication'),
  dueAt: InstantInput.nullable().optional(),
  lateUntil: InstantInput.nullable().optional().describe('Until when late submissions are taken; null: none are'),
  graceMinutes: z
    .number()
    .int()
    .min(0)
    .max(1440)
    .optional()
    .describe('After the due time, in which a submission is still in time; likewise after lateUntil'),
  latePolicy: LatePolicy.optional().describe('What being late costs; nothing unless said otherwise'),
  revealAt: InstantInput.nullable()
    .optional()
    .describe('When students see private scores; null: once nobody can submit any more. Never before that'),
  dailyLimit: limit.optional().describe('Per team and day of the course’s zone; null: no limit'),
  totalLimit: limit.optional().describe('Per team; null: no limit'),
  ...countingSettings,
  attachments: AttachmentFields.optional().describe('What may be handed in beside a submission'),
  accepts: z
    .array(SubmissionKind)
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'each kind once')
    .optional()
    .describe('What may be submitted; predictions unless said otherwise'),
  runSettings: RunSettingsEdit.optional().describe('How code is run; what runs already goes on as it is'),
};

export const Phase = z
  .object({
    slug: Slug,
    title: z.string(),
    opensAt: Instant.nullable(),
    dueAt: Instant.nullable(),
    lateUntil: Instant.nullable(),
    graceMinutes: z.number().int(),
    latePolicy: LatePolicy,
    revealAt: Instant.nullable(),
    revealsAt: Instant.nullable().describe('When students see private scores: not while anybody may still submit'),
    mine: MyDates.optional().describe('For students: the dates that hold for me'),
    dailyLimit: z.number().int().nullable(),
    totalLimit: z.number().int().nullable(),
    ...counting,
    attachments: z.array(AttachmentField).describe('What may be handed in beside a submission'),
    status: z
      .enum(['upcoming', 'open', 'closed'])
      .describe('By my own dates; open includes the time in which submissions are late'),
    revealed: z.boolean().describe('Whether students see private scores'),
    accepts: z.array(SubmissionKind),
    runSettings: RunSettings.optional().describe('Where code is accepted'),
    laptopCommand: z
      .string()
      .optional()
      .describe('Runs main.py of the current folder as the graders do, where the image was built or pulled'),
    imageDigest: z
      .string()
      .nullable()
      .optional()
      .describe('For staff, where code is accepted: the image that runs are pinned to; null: none is registered yet'),
    answerKey: z
      .object({
        version: z.string().describe('SHA-256 of the file'),
        rows: z.number().int(),
        publicRows: z.number().int(),
        privateRows: z.number().int(),
        classes: z.number().int(),
        createdAt: Instant,
      })
      .nullable()
      .optional()
      .describe('For staff'),
  })
  .meta({ id: 'Phase' });
export type Phase = z.infer<typeof Phase>;
