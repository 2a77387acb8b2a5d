import { publishCompetition } from '../../core/contract/competitions.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { FullCompetition } from './cache.ts';
import { pinImages } from './images.ts';
import { whatIsMissing } from './missing.ts';

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
