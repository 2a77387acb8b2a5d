import { readFile } from 'node:fs/promises';
import { deleteCustomMetric, putCustomMetric } from '../../core/contract/custom-metric.ts';
import { CustomMetric, customMetricName } from '../../core/contract/scores.ts';
import { Prisma } from '../../core/db/generated/client.ts';
import { rerunAll } from '../../core/submissions/requeue.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf } from '../auth/guard.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { receiveFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { access } from './access.ts';
import type { FullCompetition } from './cache.ts';

export const maxMetricBytes = 256 * 2 ** 10;

export function customMetricOf(competition: Pick<FullCompetition, 'customMetric'>): CustomMetric | null {
  return CustomMetric.nullable().parse(competition.customMetric);
}

/** Takes the file that computes a competition's own metric. */
export function customMetricUploadRoutes(app: App, services: Services): void {
  app.route({
    ...putCustomMetric,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      const { higherIsBetter, filename = 'metric.py' } = request.query;
      const scratch = services.blobs.scratch(true);
      try {
        const { blob, name } = await receiveFile(request, scratch, maxMetricBytes, filename);
        requireMetric(await readFile(scratch.path));
        await scratch.keep();
        const metric = { hash: blob.hash, fileName: name, higherIsBetter };
        const rescoring = await replaceMetric(services, principal, competition, metric);
        return { fileName: name, sha256: blob.hash, higherIsBetter, rescoring };
      } finally {
        await scratch.discard();
      }
    },
  });
}

export function customMetricRoutes(app: App, services: Services): void {
  app.route({
    ...deleteCustomMetric,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      if (competition.metrics.includes(customMetricName))
        throw new AppError('conflict', 'It is in use: take "custom" out of the metrics first.');
      await setMetric(services, principal, deleteCustomMetric.schema.operationId, competition, null);
      accessChanged(services);
      return await reply.code(204).send(null);
    },
  });
}

/**
 * Whether it can be imported and works shows at the first scoring, in its container: nothing of it is run here.
 * @throws validation-failed for what is no Python file with the function
 */
export function requireMetric(bytes: Uint8Array): void {
  const refusal = (detail: string) => new AppError('validation-failed', detail);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('The metric is not UTF-8 text. Send a Python file.');
  }
  if (text.includes('\0')) throw refusal('The metric holds NUL characters. Send a Python file.');
  if (!/^def score\s*\(/m.test(text))
    throw refusal(
      'The metric defines no function "score". Write: def score(solution, submission, row_id_column_name): … return a float',
    );
}

/** @returns how many submissions are scored again */
export async function replaceMetric(
  services: Services,
  by: Actor,
  competition: FullCompetition,
  metric: CustomMetric,
): Promise<number> {
  await setMetric(services, by, putCustomMetric.schema.operationId, competition, metric);
  accessChanged(services);
  if (!competition.metrics.includes(customMetricName)) return 0;
  let count = 0;
  for (const phase of competition.phases) {
    const requeued = await rerunAll(services.db.pool, phase.id, false);
    if (requeued.length > 0) await services.doorbell.ring(requeued);
    count += requeued.length;
  }
  return count;
}

async function setMetric(
  { db }: Services,
  by: Actor,
  action: string,
  { id, courseId, slug }: FullCompetition,
  metric: CustomMetric | null,
): Promise<void> {
  await db.prisma.$transaction(async (tx) => {
    const { customMetric: before } = await tx.competition.findUniqueOrThrow({ where: { id } });
    await tx.competition.update({ where: { id }, data: { customMetric: metric ?? Prisma.DbNull } });
    await recordAct(tx, by, {
      courseId,
      action,
      subject: `competition ${slug}`,
      ...(before !== null && { before }),
      ...(metric !== null && { after: metric }),
    });
  });
}
