import { z } from 'zod';
import type { JobState, QueueState, StageDurations, WorkerState } from '../../core/contract/operations.ts';
import { SubmissionNeeds } from '../../core/contract/runs.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';

const Queue = z.object({
  needs: SubmissionNeeds,
  waiting: z.number().int(),
  running: z.number().int(),
  oldestWaitingSeconds: z.number().nullable(),
  withoutImage: z.number().int(),
});

/** SQL, on a row `submission`: code whose phase has no image yet. */
const withoutImage = `(needs <> 'score' and not exists (select from phase where phase.id = phase_id and image_digest is not null))`;

/** All three queues, also those where nothing is. */
export async function readQueues(db: Queryable, workers: readonly WorkerState[]): Promise<QueueState[]> {
  const found = await rows(
    db,
    Queue,
    `select needs::text,
            count(*) filter (where state = 'queued')::int as waiting,
            count(*) filter (where state = 'running')::int as running,
            extract(epoch from now() - min(queued_at) filter (where state = 'queued'))::float8 as "oldestWaitingSeconds",
            count(*) filter (where state = 'queued' and ${withoutImage})::int as "withoutImage"
     from submission
     where state in ('queued', 'running')
     group by needs`,
  );
  return SubmissionNeeds.options.map((needs) => {
    const queue = found.find((one) => one.needs === needs);
    return {
      needs,
      waiting: queue?.waiting ?? 0,
      running: queue?.running ?? 0,
      oldestWaitingSeconds: queue?.oldestWaitingSeconds ?? null,
      withoutImage: queue?.withoutImage ?? 0,
      slots: slotsOf(workers, needs),
    };
  });
}

function slotsOf(workers: readonly WorkerState[], needs: SubmissionNeeds): number {
  return workers.reduce(
    (sum, { alive, info }) => sum + (alive && info?.queues.includes(needs) ? info.slots[needs] : 0),
    0,
  );
}

const Job = z.object({
  submissionId: z.number().int(),
  competition: z.string(),
  phase: z.string(),
  needs: SubmissionNeeds,
  state: z.enum(['queued', 'running']),
  since: z.date(),
  attempt: z.number().int(),
  tries: z.number().int(),
  worker: z.string().nullable(),
  fault: z.string().nullable(),
  leaseOver: z.boolean(),
  withoutImage: z.boolean(),
  long: z.boolean(),
});

const mostJobs = 100;

/** What runs and what waits, the stuck ones first, then by age. */
export async function readJobs(db: Queryable, workers: readonly WorkerState[]): Promise<JobState[]> {
  const found = await rows(
    db,
    Job,
    `select submission.id as "submissionId",
            competition.slug as competition,
            phase.slug as phase,
            submission.needs::text,
            submission.state::text,
            case when submission.state = 'running' then coalesce(submission.claimed_at, submission.queued_at) else submission.queued_at end as since,
            submission.attempt,
            submission.tries,
            run.worker,
            submission.fault,
            -- A sweep takes it within a second; it is stuck where that has not helped.
            coalesce(submission.state = 'running' and submission.lease_until < now() - interval '30 s', false) as "leaseOver",
            submission.state = 'queued' and ${withoutImage} as "withoutImage",
            coalesce(
              submission.state = 'running' and run.started_at is not null and run.exited_at is null
                and run.started_at < now() - ((run.limits ->> 'wallSeconds')::float8 + 60) * interval '1 s',
              false) as long
     from submission
     join phase on phase.id = submission.phase_id
     join competition on competition.id = phase.competition_id
     left join run on run.submission_id = submission.id and run.attempt = submission.attempt
     where submission.state in ('queued', 'running')
     order by "leaseOver" desc, long desc, submission.state desc, "withoutImage" desc, since
     limit $1`,
    [mostJobs],
  );
  const jobs = found.map(({ leaseOver, withoutImage: noImage, long, since, ...job }) => ({
    ...job,
    since: since.toISOString(),
    stuck: stuckBy({ leaseOver, noImage, long, noWorker: job.state === 'queued' && slotsOf(workers, job.needs) === 0 }),
  }));
  return jobs.toSorted((a, b) => Number(b.stuck !== null) - Number(a.stuck !== null));
}

interface Signs {
  readonly leaseOver: boolean;
  readonly noImage: boolean;
  readonly noWorker: boolean;
  readonly long: boolean;
}

function stuckBy({ leaseOver, noImage, noWorker, long }: Signs): JobState['stuck'] {
  if (leaseOver) return 'lease-over';
  if (long) return 'long';
  if (noImage) return 'no-image';
  return noWorker ? 'no-worker' : null;
}

const Seconds = z
  .tuple([z.number(), z.number()])
  .nullable()
  .transform((pair) => (pair === null ? null : { half: pair[0], most: pair[1] }));
const Durations = z.object({
  needs: SubmissionNeeds,
  finished: z.number().int(),
  failed: z.number().int(),
  waiting: Seconds,
  grading: Seconds,
  preparing: Seconds,
  running: Seconds,
  scoring: Seconds,
});

/** How long the stages of what has finished in the last day took. */
export async function readDurations(db: Queryable): Promise<StageDurations[]> {
  return await rows(
    db,
    Durations,
    `select submission.needs::text,
            count(*)::int as finished,
            count(*) filter (where submission.state = 'failed')::int as failed,
            ${within('submission.queued_at', 'submission.claimed_at')} as waiting,
            ${within('submission.claimed_at', 'submission.finished_at')} as grading,
            ${within('run.claimed_at', 'run.prepared_at')} as preparing,
            ${within('run.started_at', 'run.exited_at')} as running,
            ${within('run.exited_at', 'run.scored_at')} as scoring
     from submission
     left join run on run.submission_id = submission.id and run.attempt = submission.attempt
     where submission.state in ('scored', 'rejected', 'failed') and submission.finished_at > now() - interval '1 day'
     group by submission.needs
     order by submission.needs`,
  );
}

/** SQL: the median and the 95th percentile of the seconds between two times; null where there are none. */
function within(from: string, to: string): string {
  return `percentile_cont(array[0.5, 0.95]) within group (
    order by case when ${to} >= ${from} then extract(epoch from ${to} - ${from})::float8 end)`;
}
