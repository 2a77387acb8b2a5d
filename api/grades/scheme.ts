import { z } from 'zod';
import { customMetricName } from '../../core/contract/scores.ts';
import { GradeScheme } from '../../core/contract/grade-scheme.ts';
import { putGradeScheme, type SchemeInForce } from '../../core/contract/grades.ts';
import type { Database } from '../../core/db/open.ts';
import { maybeRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError } from '../errors.ts';
import { subjectOf, type Target } from './target.ts';

const Kept = z.object({ version: z.number().int(), scheme: GradeScheme });

const select = 'select version, scheme from grade_scheme where phase_id = $1';

export async function findScheme(db: Queryable, target: Target): Promise<SchemeInForce> {
  const kept = await maybeRow(db, Kept, select, [target.phase.id]);
  return { phase: target.phase.slug, version: kept?.version ?? 0, scheme: kept?.scheme ?? null };
}

/** @throws conflict where the phase has none yet */
export async function getScheme(db: Queryable, target: Target): Promise<z.output<typeof Kept>> {
  return (await maybeRow(db, Kept, select, [target.phase.id])) ?? noScheme(target);
}

/**
 * As `getScheme`, and until the transaction ends nobody else changes the scheme, nor anything else that the phase's grades are made from by hand.
 * @throws conflict where the phase has none yet
 */
export async function lockScheme(client: Queryable, target: Target): Promise<z.output<typeof Kept>> {
  return (await maybeRow(client, Kept, `${select} for update`, [target.phase.id])) ?? noScheme(target);
}

function noScheme({ phase }: Target): never {
  throw new AppError('conflict', `"${phase.title}" has no grade scheme yet. An instructor sets it first.`);
}

/**
 * Puts a scheme in the place of the one that it was made from.
 * @throws conflict where somebody else has changed it since; validation-failed where it contradicts the competition's metric
 */
export async function replaceScheme(
  { pool }: Pick<Database, 'pool'>,
  by: Actor,
  target: Target,
  { version, scheme }: z.output<typeof putGradeScheme.schema.body>,
): Promise<SchemeInForce> {
  refuseWrongDirection(target, scheme);
  return await transaction(pool, async (client) => {
    const before = await maybeRow(client, Kept, `${select} for update`, [target.phase.id]);
    const kept = await maybeRow(
      client,
      Kept,
      `insert into grade_scheme (phase_id, version, scheme)
       values ($1, 1, $3)
       on conflict (phase_id) do update
       set version = grade_scheme.version + 1, scheme = excluded.scheme, updated_at = now()
       where grade_scheme.version = $2
       returning version, scheme`,
      [target.phase.id, version, JSON.stringify(scheme)],
    );
    if (!kept)
      throw new AppError(
        'conflict',
        'Somebody has changed the grade scheme since you read it. Read it again, and make your change to that one.',
      );
    await recordAct(client, by, {
      courseId: target.competition.courseId,
      action: putGradeScheme.schema.operationId,
      subject: subjectOf(target),
      ...(before && { before: before.scheme }),
      after: kept.scheme,
    });
    return { phase: target.phase.slug, ...kept };
  });
}

const Direction = z.object({ higherIsBetter: z.boolean() });

/** A scheme that gave more points for the worse scores would do so silently. */
function refuseWrongDirection({ competition }: Target, { performance }: GradeScheme): void {
  if (!performance) return;
  const [primary] = competition.metrics;
  const higher =
    primary !== customMetricName || Direction.safeParse(competition.customMetric).data?.higherIsBetter !== false;
  const better = higher ? 'higher' : 'lower';
  if (performance.better === better) return;
  const message = `must be "${better}": so the competition’s metric ${primary} is ranked`;
  throw new AppError('validation-failed', `The scheme’s direction ${message}.`, {
    errors: [{ path: 'body.scheme.performance.better', message }],
  });
}
