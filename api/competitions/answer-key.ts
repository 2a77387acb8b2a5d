import type { ReceivedFile } from '../http/upload.ts';
import { transaction } from '../../core/db/sql.ts';
import { rerunAll, type Requeued } from '../../core/submissions/requeue.ts';
import { accessChanged } from '../access-changed.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { FullCompetition, FullPhase } from './cache.ts';

export const sampleName = 'sample_submission.csv';

interface Compilation {
  readonly keyHash: string;
  /** The sample submission whose row order score arrays follow. */
  readonly sampleHash: string | undefined;
  readonly classes: readonly string[];
}

/** Compiles an answer key off the main thread; the verdict lists what is wrong with it. */
export async function compile(services: Services, { keyHash, sampleHash, classes }: Compilation) {
  return await services.scoring.compileKey({
    file: services.blobs.path(keyHash),
    ...(sampleHash !== undefined && { sampleFile: services.blobs.path(sampleHash) }),
    ...(classes.length > 0 && { classes: [...classes] }),
    maxBytes: services.config.maxUploadBytes,
  });
}

/** As `compile`, of an answer key that is in use together with what it depends on, with changes: refuses what would not fit. */
export async function requireCompiles(services: Services, compilation: Compilation, subject: string) {
  const verdict = await compile(services, compilation);
  if (verdict.kind === 'compiled') return verdict;
  const { errors, moreErrors } = verdict.report;
  throw new AppError('answer-key-rejected', `${subject}: ${errors[0]?.message ?? 'it can’t be read'}`, { errors, moreErrors });
}

export function sampleHashOf(competition: FullCompetition): string | undefined {
  return competition.files.find((file) => file.name === sampleName)?.hash;
}

export interface AnswerKeyChange {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
  readonly file: ReceivedFile;
  readonly userId: number;
  readonly rescore: boolean;
}

/**
 * Checks an answer key and puts it in force; earlier versions stay. With `rescore`, everything that was scored with another version is queued
 * again in the same transaction.
 */
export async function replaceAnswerKey(services: Services, { competition, phase, file, userId, rescore }: AnswerKeyChange) {
  const { hash } = file.blob;
  const compiled = await requireCompiles(
    services,
    { keyHash: hash, sampleHash: sampleHashOf(competition), classes: competition.classes },
    'The answer key was not taken',
  );
  const { summary } = compiled;
  const { outdated, requeued } = await transaction(services.db.pool, async (client) => {
    // One change of a phase's key at a time.
    await client.query('select 1 from phase where id = $1 for update', [phase.id]);
    const versions = await client.query('select id from answer_key where phase_id = $1 and hash = $2 order by id desc limit 1', [phase.id, hash]);
    const keyId: unknown = versions.rows[0]?.id ?? (await insertVersion());
    await client.query('update phase set answer_key_id = $2 where id = $1', [phase.id, keyId]);
    const stale = await client.query(
      `select count(*)::int as count from submission
       where phase_id = $1 and state in ('scored', 'rejected') and answer_key_id is distinct from $2`,
      [phase.id, keyId],
    );
    const queuedAgain: Requeued[] = rescore ? await rerunAll(client, phase.id, true) : [];
    return { outdated: Number(stale.rows[0]?.count), requeued: queuedAgain };

    async function insertVersion(): Promise<unknown> {
      const inserted = await client.query(
        `insert into answer_key (phase_id, hash, rows, public_rows, private_rows, class_count, created_by_id)
         values ($1, $2, $3, $4, $5, $6, $7) returning id`,
        [phase.id, hash, summary.rows, summary.public, summary.private, summary.classes.length, userId],
      );
      return inserted.rows[0]?.id;
    }
  });
  accessChanged(services);
  if (requeued.length > 0) await services.doorbell.ring(requeued);
  return {
    version: hash,
    rows: summary.rows,
    publicRows: summary.public,
    privateRows: summary.private,
    ignoredRows: summary.ignored,
    classes: summary.classes.slice(0, 1000),
    classCount: summary.classes.length,
    notices: [...compiled.notices],
    outdated,
    rescoring: requeued.length,
  };
}
