import { z } from 'zod';
import {
  changeRerunBatch,
  createRerunBatch,
  listRerunBatches,
  type RerunBatch,
} from '../../core/contract/rerun-batches.ts';
import { execute, maybeRow, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { takeBackWaiting } from '../../core/submissions/rerun-batch.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { principalOf } from '../auth/guard.ts';
import { access, accessPhase } from '../competitions/access.ts';
import type { FullCompetition, FullPhase } from '../competitions/cache.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';

const listed = 20;

export function rerunBatchRoutes(app: App, services: Services): void {
  const { pool } = services.db;

  app.route({
    ...createRerunBatch,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principal, target, 'ta');
      return await reply.code(202).send(await create(services, principal, granted, request.body.runCode));
    },
  });

  app.route({
    ...listRerunBatches,
    handler: async (request) => {
      const target = { slug: request.params.slug, phase: request.query.phase };
      const { phase } = await accessPhase(services, principalOf(request), target, 'ta');
      const batches = await read(pool, `rerun_batch.phase_id = $1 order by rerun_batch.id desc limit ${listed}`, [
        phase.id,
      ]);
      return { batches };
    },
  });

  app.route({
    ...changeRerunBatch,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'ta');
      return await change(services, principal, competition, request.params.id, request.body.state);
    },
  });
}

async function create(
  { db }: Services,
  by: Actor,
  { competition, phase }: { competition: FullCompetition; phase: FullPhase },
  runCode: boolean,
): Promise<RerunBatch> {
  return await transaction(db.pool, async (client) => {
    const made = await maybeRow(
      client,
      z.object({ id: z.number().int() }),
      `insert into rerun_batch (phase_id, run_code, created_by_id) values ($1, $2, $3)
       on conflict (phase_id) where state in ('running', 'paused') do nothing
       returning id`,
      [phase.id, runCode, by.userId],
    );
    if (made === undefined)
      throw new AppError(
        'conflict',
        `A rerun of "${phase.title}" is going on or paused. Wait for it, or cancel it first.`,
      );
    await execute(
      client,
      `insert into rerun_batch_item (batch_id, submission_id)
       select $1, id from submission where phase_id = $2 and state <> 'cancelled' and finished_at is not null`,
      [made.id, phase.id],
    );
    const batch = await readOne(client, made.id);
    await recordAct(client, by, {
      courseId: competition.courseId,
      action: createRerunBatch.schema.operationId,
      subject: `competition ${competition.slug}, phase ${phase.slug}, rerun ${batch.id}`,
      after: { runCode, submissions: batch.total },
    });
    return batch;
  });
}

/** @throws not-found for one of another competition, conflict where it has ended */
async function change(
  { db }: Services,
  by: Actor,
  competition: FullCompetition,
  id: number,
  state: 'running' | 'paused' | 'cancelled',
): Promise<RerunBatch> {
  return await transaction(db.pool, async (client) => {
    const before = await maybeRow(
      client,
      z.object({ state: z.string(), phase: z.string() }),
      `select rerun_batch.state::text, phase.slug as phase
       from rerun_batch
       join phase on phase.id = phase_id
       where rerun_batch.id = $1 and competition_id = $2
       for update of rerun_batch`,
      [id, competition.id],
    );
    if (before === undefined) throw notFound(`rerun ${id}`);
    if (before.state === 'done' || before.state === 'cancelled')
      throw new AppError('conflict', `Rerun ${id} is ${before.state}; start a new one.`);
    await execute(
      client,
      `update rerun_batch set state = $2::rerun_batch_state, ended_at = case when $2 = 'cancelled' then now() end where id = $1`,
      [id, state],
    );
    if (state !== 'running') await takeBackWaiting(client, id);
    await recordAct(client, by, {
      courseId: competition.courseId,
      action: changeRerunBatch.schema.operationId,
      subject: `competition ${competition.slug}, phase ${before.phase}, rerun ${id}`,
      before: { state: before.state },
      after: { state },
    });
    return await readOne(client, id);
  });
}

const Row = z.object({
  id: z.number().int(),
  phase: z.string(),
  state: z.enum(['running', 'paused', 'cancelled', 'done']),
  runCode: z.boolean(),
  total: z.number().int(),
  done: z.number().int(),
  failed: z.number().int(),
  createdAt: z.date(),
  endedAt: z.date().nullable(),
  startedBy: z.string(),
});

async function readOne(db: Queryable, id: number): Promise<RerunBatch> {
  const [batch] = await read(db, 'rerun_batch.id = $1', [id]);
  if (batch === undefined) throw new Error(`rerun ${id} is gone`);
  return batch;
}

async function read(db: Queryable, which: string, values: readonly unknown[]): Promise<RerunBatch[]> {
  const found = await rows(
    db,
    Row,
    `select rerun_batch.id,
            phase.slug as phase,
            rerun_batch.state::text,
            rerun_batch.run_code as "runCode",
            counts.total,
            counts.done,
            counts.failed,
            rerun_batch.created_at as "createdAt",
            rerun_batch.ended_at as "endedAt",
            "user".name as "startedBy"
     from rerun_batch
     join phase on phase.id = rerun_batch.phase_id
     join "user" on "user".id = rerun_batch.created_by_id
     cross join lateral (
       select count(*)::int as total,
              count(done_at)::int as done,
              (count(*) filter (where done_at is not null and submission.state = 'failed'))::int as failed
       from rerun_batch_item
       join submission on submission.id = submission_id
       where batch_id = rerun_batch.id
     ) as counts
     where ${which}`,
    values,
  );
  return found.map(({ createdAt, endedAt, ...batch }) => ({
    ...batch,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }));
}
