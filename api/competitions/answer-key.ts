import { z } from 'zod';
import { maybeRow, oneRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { isCustomOnly } from '../../core/contract/scores.ts';
import type { KeySummary } from '../../core/scoring/answer-key.ts';
import type { KeyTargets } from '../../core/scoring/key-file.ts';
import { rerunAll } from '../../core/submissions/requeue.ts';
import { recordAct } from '../audit/record.ts';
import { accessChanged } from '../access-changed.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { FullCompetition, FullPhase } from './cache.ts';

export const sampleName = 'sample_submission.csv';

/** What an answer key is read with. */
export interface KeyReading {
  /** The sample submission whose row order score arrays follow. */
  readonly sampleHash: string | undefined;
  readonly classes: readonly string[];
  readonly targets: KeyTargets;
}

interface Compilation extends KeyReading {
  readonly keyHash: string;
}

/** Where only the instructor's file computes scores, an answer key needs no more than ids. */
export function keyReading(
  competition: Pick<FullCompetition, 'files' | 'classes'>,
  metrics: readonly string[],
): KeyReading {
  if (isCustomOnly(metrics)) return { sampleHash: undefined, classes: [], targets: 'any' };
  return { sampleHash: sampleHashOf(competition), classes: competition.classes, targets: 'label' };
}

type Compilers = Pick<Services, 'scoring' | 'blobs' | 'config'>;

/** Compiles an answer key off the main thread; the verdict lists what is wrong with it. */
export async function compile(services: Compilers, { keyHash, sampleHash, classes, targets }: Compilation) {
  return await services.scoring.compileKey({
    file: services.blobs.path(keyHash),
    ...(sampleHash !== undefined && { sampleFile: services.blobs.path(sampleHash) }),
    ...(classes.length > 0 && { classes: [...classes] }),
    targets,
    maxBytes: services.config.maxUploadBytes,
  });
}

/** As `compile`, of an answer key that is in use together with what it depends on, with changes: refuses what would not fit. */
export async function requireCompiles(services: Compilers, compilation: Compilation, subject: string) {
  const verdict = await compile(services, compilation);
  if (verdict.kind === 'compiled') return verdict;
  const { errors, moreErrors } = verdict.report;
  throw new AppError('answer-key-rejected', `${subject}: ${errors[0]?.message ?? 'it can’t be read'}`, {
    errors,
    moreErrors,
  });
}

export function sampleHashOf(competition: Pick<FullCompetition, 'files'>): string | undefined {
  return competition.files.find((file) => file.name === sampleName)?.hash;
}

export interface AnswerKeyChange {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
  /** Of the file, a blob. */
  readonly hash: string;
  readonly userId: number;
  readonly rescore: boolean;
  /** The operationId of the endpoint. */
  readonly action: string;
  /** What else is written in the same transaction, while the key in force is still the one that is replaced. */
  readonly also?: (client: Queryable) => Promise<void>;
}

/**
 * Checks an answer key and puts it in force; earlier versions stay. With `rescore`, everything that was scored with another version is queued
 * again in the same transaction.
 */
export async function replaceAnswerKey(
  services: Services,
  { competition, phase, hash, userId, rescore, action, also }: AnswerKeyChange,
) {
  await requireSecret(services, competition.id, hash);
  const compiled = await requireCompiles(
    services,
    { keyHash: hash, ...keyReading(competition, competition.metrics) },
    'The answer key was not taken',
  );
  const { summary } = compiled;
  const version = { phaseId: phase.id, hash, summary, userId };
  const { outdated, requeued } = await transaction(services.db.pool, async (client) => {
    const before = await lockKey(client, phase.id);
    await also?.(client);
    await putInForce(client, version);
    const stale = await countOutdated(client, phase.id);
    const queued = rescore ? await rerunAll(client, phase.id, true) : [];
    await recordAct(
      client,
      { userId },
      {
        courseId: competition.courseId,
        action,
        subject: `competition ${competition.slug}, phase ${phase.slug}`,
        before,
        after: { version: hash, ...countsOf(summary), outdated: stale, rescoring: queued.length },
      },
    );
    return { outdated: stale, requeued: queued };
  });
  accessChanged(services);
  if (requeued.length > 0) await services.doorbell.ring(requeued);
  return {
    version: hash,
    ...countsOf(summary),
    classes: summary.classes.slice(0, 1000),
    classCount: summary.classes.length,
    notices: [...compiled.notices],
    outdated,
    rescoring: requeued.length,
  };
}

export function countsOf(summary: KeySummary) {
  return {
    rows: summary.rows,
    publicRows: summary.public,
    privateRows: summary.private,
    ignoredRows: summary.ignored,
  };
}

const KeyInForce = z.object({ version: z.string(), rows: z.number(), publicRows: z.number(), privateRows: z.number() });

/** Lets one change of a phase's key happen at a time. @returns the version that it replaces */
async function lockKey(client: Queryable, phaseId: number): Promise<z.infer<typeof KeyInForce> | undefined> {
  await client.query('select 1 from phase where id = $1 for no key update', [phaseId]);
  return await maybeRow(
    client,
    KeyInForce,
    `select hash as version, rows, public_rows as "publicRows", private_rows as "privateRows"
     from answer_key
     where id = (select answer_key_id from phase where id = $1)`,
    [phaseId],
  );
}

/** What lies among the data can be downloaded, or is read by students' code. */
export async function requireSecret({ db }: Services, competitionId: number, hash: string): Promise<void> {
  const known = await db.prisma.dataFile.findFirst({ where: { competitionId, hash } });
  if (known)
    throw new AppError(
      'conflict',
      `This file is among the data as ${known.name}. Take that away first: students could read the labels.`,
    );
}

interface Version {
  readonly phaseId: number;
  readonly hash: string;
  readonly summary: KeySummary;
  readonly userId: number;
}

const VersionId = z.object({ id: z.number().int() });

/** Makes a version the one that its phase is scored with; the same file again is the same version. */
async function putInForce(client: Queryable, { phaseId, hash, summary, userId }: Version): Promise<void> {
  const known = await maybeRow(
    client,
    VersionId,
    'select id from answer_key where phase_id = $1 and hash = $2 order by id desc limit 1',
    [phaseId, hash],
  );
  const { id } =
    known ??
    (await oneRow(
      client,
      VersionId,
      `insert into answer_key (phase_id, hash, rows, public_rows, private_rows, class_count, created_by_id)
       values ($1, $2, $3, $4, $5, $6, $7)
       returning id`,
      [phaseId, hash, summary.rows, summary.public, summary.private, summary.classes.length, userId],
    ));
  await client.query('update phase set answer_key_id = $2 where id = $1', [phaseId, id]);
}

/** Verdicts of a phase that another version of its answer key led to. */
async function countOutdated(client: Queryable, phaseId: number): Promise<number> {
  const { count } = await oneRow(
    client,
    z.object({ count: z.number().int() }),
    `select count(*)::int as count
     from submission
     join phase on phase.id = submission.phase_id
     where phase.id = $1
       and submission.state in ('scored', 'rejected')
       and submission.answer_key_id is distinct from phase.answer_key_id`,
    [phaseId],
  );
  return count;
}
