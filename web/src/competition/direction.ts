import type { Competition } from '../../../core/contract/competitions.ts';
import { customMetricName } from '../../../core/contract/scores.ts';

/** Whether a greater value of a metric is the better one: of the built-in ones it is. */
export function higherIsBetter({ customMetric }: Competition, metric: string): boolean {
  return metric !== customMetricName || customMetric?.higherIsBetter !== false;
}
