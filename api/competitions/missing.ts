import { customMetricName } from '../../core/contract/scores.ts';
import type { FullCompetition } from './cache.ts';

/** Where a setting or a file is lacking, and the sentence that asks for it. */
interface Missing {
  readonly path: string;
  readonly message: string;
}

/** All that keeps a competition from being published, at once. */
export function whatIsMissing(competition: FullCompetition): Missing[] {
  const errors: Missing[] = [];
  if (competition.metrics.length === 0) errors.push({ path: 'metrics', message: 'Choose at least one metric.' });
  if (competition.metrics.includes(customMetricName) && competition.customMetric === null)
    errors.push({ path: 'customMetric', message: 'Upload metric.py, which computes the metric custom.' });
  if (competition.files.length === 0)
    errors.push({
      path: 'files',
      message: 'Upload the data files, such as train.csv, test.csv and sample_submission.csv.',
    });
  for (const phase of competition.phases) {
    const where = competition.phases.length > 1 ? ` of the phase "${phase.slug}"` : '';
    if (phase.answerKey === null)
      errors.push({ path: `phases.${phase.slug}.answerKey`, message: `Upload the answer key${where}.` });
    if (phase.dueAt === null) errors.push({ path: `phases.${phase.slug}.dueAt`, message: `Set the due date${where}.` });
    if (phase.answerKey !== null && phase.answerKey.publicRows === 0) {
      errors.push({
        path: `phases.${phase.slug}.answerKey`,
        message: `Mark some rows of the answer key${where} as Public: the leaderboard would stay empty.`,
      });
    }
  }
  return errors;
}
