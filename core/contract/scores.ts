import { z } from 'zod';

/**
 * One metric over one board's rows. Of a built-in one `value` is `hits / rows`, and `low` and `high` are its 95 % Wilson interval; a custom one has a
 * value only.
 */
export const MetricScore = z
  .object({
    value: z.number(),
    rows: z.number().int(),
    hits: z.number().int().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
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

/** The name of the metric that an instructor's own file computes. */
export const customMetricName = 'custom';

export const MetricName = z
  .string()
  .regex(/^(top1|top5|topk\((100|[1-9][0-9]?)\)|custom)$/, 'top1, top5, topk(k) with k from 1 to 100, or custom')
  .describe('top1, top5, topk(k), or custom: what the instructor’s own file computes');

/** A competition's own metric: the file that computes it, and how to rank by it. */
export const CustomMetric = z.object({ hash: z.string(), fileName: z.string(), higherIsBetter: z.boolean() });
export type CustomMetric = z.infer<typeof CustomMetric>;

/** Those that the scorer in this repository computes. */
export function builtInMetrics(names: readonly string[]): string[] {
  return names.filter((name) => name !== customMetricName);
}

/** Whether only the instructor's file knows what predictions look like: then labels, if there are any, are not checked, and no class is told. */
export function isCustomOnly(names: readonly string[]): boolean {
  return names.length > 0 && builtInMetrics(names).length === 0;
}
