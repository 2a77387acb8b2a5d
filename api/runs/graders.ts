import { z } from 'zod';
import { WorkerInfo } from '../../core/contract/workers.ts';
import type { SubmissionNeeds } from '../../core/contract/runs.ts';
import { oneRow, rows, type Queryable } from '../../core/db/sql.ts';

/** What can run code right now, and what it has to do. */
export interface Graders {
  /** Programs that can run side by side. */
  slots(needs: SubmissionNeeds): number;
  /** GPUs of the worker that has most of them in order. */
  readonly mostGpus: number;
  /** Those that failed, as a sentence's part each. */
  readonly drained: readonly string[];
  running(needs: SubmissionNeeds): number;
  /** By Postgres's clock. */
  readonly readAt: Date;
  /** Seconds from claim to exit of a phase's recent runs; undefined where there are none. */
  meanSeconds(phaseId: number): number | undefined;
}

export type GradersReader = () => Promise<Graders>;

const keepMs = 1_000;

/** Everybody who waits asks; they share one look a second. */
export function createGradersReader(db: Queryable): GradersReader {
  let last: { readonly graders: Promise<Graders>; readonly until: number } | undefined;
  return async () => {
    if (last === undefined || last.until < performance.now()) {
      const look = { graders: readGraders(db), until: performance.now() + keepMs };
      look.graders.catch(() => {
        if (last === look) last = undefined;
      });
      last = look;
    }
    return await last.graders;
  };
}

const WorkerRow = z.object({ info: z.unknown() });
const Busy = z.object({ needs: z.string(), count: z.number().int() });
const Mean = z.object({ phaseId: z.number().int(), seconds: z.number() });

async function readGraders(db: Queryable): Promise<Graders> {
  const [seen, busy, means, { now }] = await Promise.all([
    rows(db, WorkerRow, `select info from worker where seen_at > now() - interval '30 s'`),
    rows(
      db,
      Busy,
      `select needs::text, count(*)::int as count
       from submission
       where state = 'running' and needs <> 'score'
       group by needs`,
    ),
    rows(
      db,
      Mean,
      `select phase_id as "phaseId", avg(seconds)::float8 as seconds
       from (
         select submission.phase_id,
                extract(epoch from run.exited_at - run.claimed_at) as seconds,
                row_number() over (partition by submission.phase_id order by run.exited_at desc) as place
         from run
         join submission on submission.id = run.submission_id
         where run.exited_at > now() - interval '1 day' and run.ending <> 'broken'
       ) recent
       where place <= 20
       group by phase_id`,
    ),
    oneRow(db, z.object({ now: z.date() }), 'select now()'),
  ]);
  // A worker of another version may say other things about itself: it counts as none.
  const workers = seen.flatMap(({ info }) => WorkerInfo.safeParse(info).data ?? []);
  const running = new Map(busy.map(({ needs, count }) => [needs, count]));
  const mean = new Map(means.map(({ phaseId, seconds }) => [phaseId, seconds]));
  const ready = workers.filter(({ sandbox }) => sandbox.kind === 'ready');
  return {
    slots: (needs) => ready.reduce((sum, { queues, slots }) => sum + (queues.includes(needs) ? slots[needs] : 0), 0),
    mostGpus: Math.max(0, ...ready.map(({ gpus }) => gpus.filter(({ state }) => state !== 'drained').length)),
    drained: ready.flatMap(({ gpus }) =>
      gpus
        .filter(({ state }) => state === 'drained')
        .map(({ id, name, reason }) => `${name} ${id} (${reason ?? 'no reason given'})`),
    ),
    readAt: now,
    running: (needs) => running.get(needs) ?? 0,
    meanSeconds: (phaseId) => mean.get(phaseId),
  };
}
