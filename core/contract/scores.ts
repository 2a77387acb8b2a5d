import { z } from 'zod';

/** One metric over one board's rows: `value` is `hits / rows`, `low` and `high` are its 95 % Wilson interval. */
export const MetricScore = z
  .object({
    value: z.number(),
    rows: z.number().int(),
    hits: z.number().int(),
    low: z.number(),
    high: z.number(),
  })
  .meta({ id: 'MetricScore' });
export type MetricScore = z.infer<typeof MetricScore>;

/** Metric name → score. */
export const BoardScores = z.record(z.string(), MetricScore);
export type BoardScores = z.infer<typeof BoardScores>;

/** What is stored with a submission; the private part leaves the server only for those who may see it. */
export const Scores = z.object({ public: BoardScores, private: BoardScores });
export type Scores = z.infer<typeof Scores>;

export const Board = z.enum(['public', 'private']);
export type Board = z.infer<typeof Board>;

export const MetricName = z
  .string()
  .regex(/^(top1|top5|topk\((100|[1-9][0-9]?)\))$/, 'top1, top5, or topk(k) with k from 1 to 100')
  .describe('top1, top5, or topk(k)');
