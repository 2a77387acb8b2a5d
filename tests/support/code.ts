import { RunSettings, type SubmissionKind, type SubmissionNeeds } from '../../core/contract/runs.ts';
import { createBlobStore } from '../../core/blobs/store.ts';
import { z } from 'zod';
import { maybeRow, oneRow } from '../../core/db/sql.ts';
import type { Database } from '../../core/db/open.ts';
import { programThat, type Program } from './fake-executor.ts';

interface Site {
  readonly db: Database;
  readonly dataDir: string;
}

export const fakeImage = `sha256:${'1'.repeat(64)}`;

/** Lets a competition accept code, run in an image that only the fake knows. */
export async function acceptCode(
  { db }: Site,
  slug: string,
  settings: z.input<typeof RunSettings> = {},
  imageDigest: string | null = fakeImage,
): Promise<void> {
  await db.pool.query(
    `update phase set accepts = '{code}', run_settings = $2, image_digest = $3
     from competition where competition.id = phase.competition_id and competition.slug = $1`,
    [slug, JSON.stringify(RunSettings.parse(settings)), imageDigest],
  );
}

interface Code {
  readonly userId: number;
  readonly does: Program;
  readonly needs?: Exclude<SubmissionNeeds, 'score'>;
  readonly kind?: SubmissionKind;
  readonly priority?: number;
  /** Predictions that are sent with it. */
  readonly claimed?: string;
}

/** Puts code into the database as an upload would; the sweeper rings for it. @returns the submission's id */
export async function submitCode({ db, dataDir }: Site, slug: string, code: Code): Promise<number> {
  const store = createBlobStore(dataDir);
  const keep = async (text: string) => {
    const bytes = Buffer.from(text);
    const outcome = await store.put(
      (async function* () {
        yield bytes;
      })(),
      bytes.length,
    );
    if (outcome.kind !== 'stored') throw new Error('not stored');
    return outcome.blob;
  };
  const file = await keep(programThat(code.does));
  const claimed = code.claimed === undefined ? undefined : await keep(code.claimed);
  const row = await oneRow(db.pool, z.object({ id: z.number() }), insertSubmission, [
    slug,
    code.userId,
    file.hash,
    file.bytes,
    code.kind ?? 'code',
    claimed ? 'score' : (code.needs ?? 'cpu'),
    claimed?.hash ?? null,
    claimed?.bytes ?? null,
    code.priority ?? 1,
    await teamOf(db, slug, code.userId),
  ]);
  return row.id;
}

const insertSubmission = `
  insert into submission (phase_id, team_id, user_id, file_name, file_hash, file_bytes, kind, needs, claimed_hash, claimed_bytes, received_at, priority)
  select phase.id, $10, $2, 'main.py', $3, $4, $5::submission_kind, $6::submission_needs, $7, $8, now(), $9
  from phase join competition on competition.id = phase.competition_id
  where competition.slug = $1
  returning id`;

/** Has the sweeper ring at once, not in five seconds: who queued it anew has not rung itself. */
export async function ringNow({ db }: Pick<Site, 'db'>, submissionId: number): Promise<void> {
  await db.pool.query(`update submission set ring_at = now() where id = $1`, [submissionId]);
}

async function teamOf(db: Database, slug: string, userId: number): Promise<number> {
  const Row = z.object({ id: z.number() });
  const found = await maybeRow(
    db.pool,
    Row,
    `select team_id as id from team_member join competition on competition.id = competition_id where slug = $1 and user_id = $2`,
    [slug, userId],
  );
  if (found) return found.id;
  const { id } = await oneRow(
    db.pool,
    Row,
    `with team as (
       insert into team (competition_id, pseudonym)
       select id, 'Team ' || $2::int from competition where slug = $1
       returning id, competition_id
     )
     insert into team_member (competition_id, user_id, team_id)
     select competition_id, $2, id from team
     returning team_id as id`,
    [slug, userId],
  );
  return id;
}

const RunRow = z.object({
  attempt: z.number(),
  verifying: z.boolean(),
  worker: z.string(),
  runtime: z.string(),
  ending: z.string().nullable(),
  exitCode: z.number().nullable(),
  sentence: z.string().nullable(),
  fault: z.string().nullable(),
  prepared: z.boolean(),
  started: z.boolean(),
  exited: z.boolean(),
  scored: z.boolean(),
  gpus: z.array(z.string()),
  samples: z.array(z.unknown()).nullable(),
  logHash: z.string().nullable(),
  outputHash: z.string().nullable(),
  scores: z.unknown(),
});

/** All runs of a submission, in order. */
export async function readRuns(db: Database, submissionId: number) {
  const result = await db.pool.query(
    `select attempt, verifying, worker, runtime, ending::text, exit_code as "exitCode", sentence, fault, gpus, samples, scores,
            prepared_at is not null as prepared, started_at is not null as started, exited_at is not null as exited, scored_at is not null as scored,
            log_hash as "logHash", output_hash as "outputHash"
     from run where submission_id = $1 order by attempt`,
    [submissionId],
  );
  return z.array(RunRow).parse(result.rows);
}

export async function readVerdict(db: Database, submissionId: number) {
  return await oneRow(
    db.pool,
    z.object({
      state: z.string(),
      reason: z.string().nullable(),
      notices: z.array(z.string()),
      value: z.number().nullable(),
    }),
    `select state::text, reason, notices, public_value as value from submission where id = $1`,
    [submissionId],
  );
}
