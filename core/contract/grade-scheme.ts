import { z } from 'zod';

/** Points have two decimals at most, so that sums of them are exact in hundredths. */
export const Points = z.number().min(0).max(10_000).multipleOf(0.01, 'must have at most two decimals');

const Anchor = z.strictObject({
  name: z.string().trim().min(1).max(60).describe('Such as baseline or target'),
  score: z.number(),
  points: Points,
});

/** From the primary metric's private value to points. */
export const Performance = z
  .strictObject({
    better: z.enum(['higher', 'lower']).default('higher').describe('Which scores are the better ones'),
    between: z
      .enum(['linear', 'steps'])
      .default('linear')
      .describe(
        'Linear: points grow evenly from one anchor to the next. Steps: the last anchor that is reached counts',
      ),
    below: Points.default(0).describe('Points of a score that reaches no anchor'),
    anchors: z
      .array(Anchor)
      .min(1)
      .max(20)
      .describe('From the worst score to the best; the last one’s points are the most'),
  })
  .superRefine(({ better, below, anchors }, context) => {
    const sign = better === 'higher' ? 1 : -1;
    for (const [i, { name, score, points }] of anchors.entries()) {
      const earlier = anchors[i - 1];
      if (earlier && sign * score <= sign * earlier.score) {
        const message = `must be ${better} than the ${earlier.score} of "${earlier.name}": anchors go from the worst score to the best`;
        context.addIssue({ code: 'custom', path: ['anchors', i, 'score'], message });
      }
      if (points < (earlier?.points ?? below)) {
        const before = earlier ? `"${earlier.name}" gives` : 'a score below it gets';
        const message = `must not be less than what ${before}: a better score never costs points ("${name}")`;
        context.addIssue({ code: 'custom', path: ['anchors', i, 'points'], message });
      }
    }
  });
export type Performance = z.infer<typeof Performance>;

const BonusTier = z.strictObject({
  top: z.number().int().min(1).max(10_000).describe('Ranks 1 to this, on the private board'),
  points: Points,
});

const ItemId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, at most 40')
  .describe('Names the item; its marks stay with it when its title changes');

export const RubricItem = z.strictObject({
  id: ItemId,
  title: z.string().trim().min(1).max(120),
  description: z.string().max(5_000).default(''),
  points: Points,
});
export type RubricItem = z.infer<typeof RubricItem>;

/** How a phase becomes a grade: points for the score, a bonus by private rank, and what is graded by hand. */
export const GradeScheme = z
  .strictObject({
    performance: Performance.nullable().default(null),
    bonus: z.array(BonusTier).max(20).default([]).describe('The first tier that holds a rank counts; top 10: +5'),
    rubric: z.array(RubricItem).max(100).default([]),
    regradeDays: z
      .number()
      .int()
      .min(0)
      .max(365)
      .default(7)
      .describe('How long after its release a student may ask for a regrade; 0: not at all'),
  })
  .superRefine(({ performance, bonus, rubric }, context) => {
    if (performance === null && rubric.length === 0)
      context.addIssue({ code: 'custom', path: [], message: 'needs points for performance, or an item of a rubric' });
    for (const [i, { top, points }] of bonus.entries()) {
      const earlier = bonus[i - 1];
      if (earlier && (top <= earlier.top || points > earlier.points))
        context.addIssue({
          code: 'custom',
          path: ['bonus', i],
          message: 'must hold more ranks than the tier before it, and no more points',
        });
    }
    for (const [i, { id }] of rubric.entries())
      if (rubric.findIndex((item) => item.id === id) < i)
        context.addIssue({ code: 'custom', path: ['rubric', i, 'id'], message: `"${id}" names another item already` });
  });
export type GradeScheme = z.infer<typeof GradeScheme>;

/** One step of how a grade came about. The points of all lines add up to the grade. */
export const GradeLine = z.object({
  kind: z.enum(['performance', 'bonus', 'rubric', 'late', 'override']),
  item: z.string().optional().describe('Of a rubric: the item’s id'),
  what: z.string(),
  points: z.number().describe('Negative where points are taken off'),
  of: z.number().nullable().describe('The most that this line can give; null for what only adds or takes'),
  because: z.string().describe('Why it is so many, in a sentence'),
});
export type GradeLine = z.infer<typeof GradeLine>;

export const Grade = z
  .object({
    points: z.number(),
    of: z.number().describe('Full points, without the bonus'),
    lines: z.array(GradeLine),
  })
  .meta({ id: 'Grade' });
export type Grade = z.infer<typeof Grade>;
