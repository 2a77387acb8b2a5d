import { z } from 'zod';
import { Slug } from './common.ts';

/** Which submissions of a team count on the boards. */
export const CountingRule = z.enum(['best', 'last', 'selected']);
export type CountingRule = z.infer<typeof CountingRule>;

/** A named part of a phase, such as *Part 1: simple CNN*. */
export const Part = z.object({ slug: Slug, title: z.string().trim().min(1).max(200) });
export type Part = z.infer<typeof Part>;

/** Of a phase, as it is set. */
export const countingSettings = {
  counts: CountingRule.optional().describe(
    'Which submissions of a team count: its best (unless said otherwise), the last that was scored, or those that it selects',
  ),
  selectMax: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('How many a team may select; 2 unless said otherwise'),
  parts: z
    .array(Part)
    .max(50)
    .refine((parts) => new Set(parts.map(({ slug }) => slug)).size === parts.length, 'each slug once')
    .optional()
    .describe('Every submission of students is then for one of them; one that has submissions can’t be taken away'),
};

/** Of a phase, as it is shown. */
export const counting = {
  counts: CountingRule.describe('Which submissions of a team count on the boards'),
  selectMax: z.number().int().describe('How many a team may select, where `counts` is selected'),
  parts: z.array(Part).describe('What a submission is for; empty: the phase has no parts'),
};
