import { publishCompetition } from '../../core/contract/competitions.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import { customMetricName } from '../../core/contract/scores.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { FullCompetition } from './cache.ts';
import { pinImages } from './images.ts';

/** Shows a competition to its course. Code whose image is not there yet waits for it. Publishing what is published already changes nothing. */
export async function publish(services: Services, by: Actor, competition: FullCompetition): Promise<void> {
  const errors = whatIsMissing(competition);
  if (errors.length > 0) {
    throw new AppError(
      'competition-incomplete',
      `Before it can be published: ${errors.map((item) => item.message).join(' ')}`,
      { errors },
    );
  }
  await pinImages(services.db.pool, competition.id);
  const { id, courseId, slug } = competition;
  await services.db.prisma.$transaction(async (tx) => {
    const { count } = await tx.competition.updateMany({
      where: { id, publishedAt: null },
      data: { publishedAt: services.clock.now() },
    });
    const { publishedAt } = await tx.competition.findUniqueOrThrow({ where: { id } });
    const before = { publishedAt: count === 0 ? publishedAt : null };
    const action = publishCompetition.schema.operationId;
    await recordAct(tx, by, { courseId, action, subject: `competition ${slug}`, before, after: { publishedAt } });
  });
}

/** All that keeps a competition from being published, at once. */
export function whatIsMissing(competition: FullCompetition): ProblemItem[] {
  const errors: ProblemItem[] = [];
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
