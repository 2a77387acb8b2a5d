import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { KeySummary } from '../scoring/answer-key.ts';
import type { KeyTargets } from '../scoring/key-file.ts';
import type { AnswerKey } from '../scoring/key-memory.ts';
import { parseMetric, type Metric } from '../scoring/metrics.ts';
import type { RowLabels, Verdict } from '../scoring/predictions.ts';
import type { FileReport } from '../scoring/report.ts';
import { createKeyCache } from './key-cache.ts';
import type { CompileAnswer, LabelsAnswer, ScoreAnswer, ScoreTask, Task } from './tasks.ts';

export type ScoringPoolOptions = {
  threads: number;
  /** The most memory that compiled keys may keep, and the largest answer key file, in bytes. */
  maxKeyBytes: number;
  /** For compiling a key to score with: what hangs would hang all that wait for the same key, for ever. */
  compileTimeoutMs?: number;
};

/** Files are paths. `keyHash` names the contents of `keyFile`; a sample file must keep its contents under its path. */
export type KeySource = { keyFile: string; keyHash: string; sampleFile?: string; classes?: readonly string[] };
export type CheckInput = KeySource & { file: string; maxBytes: number };
export type ScoreInput = CheckInput & { metrics: readonly string[] };
export type CompileKeyInput = {
  file: string;
  sampleFile?: string;
  classes?: readonly string[];
  /** `label` unless given. */
  targets?: KeyTargets;
  maxBytes: number;
};
/** `source` says which of the files the report is about. */
export type CompileKeyResult =
  | { kind: 'compiled'; summary: KeySummary; notices: string[]; shape: Uint8Array }
  | { kind: 'rejected'; report: FileReport; source: 'key' | 'sample' };

/** `best` and `ranks` are by row of `key`. */
export type Labelled = { kind: 'labels'; key: AnswerKey } & RowLabels;
type Rejected = Extract<Verdict, { kind: 'rejected' }>;

/**
 * Scores and checks files in worker threads. A call resolves to a verdict whatever the file holds; it rejects for our own faults
 * (a file that cannot be read, an answer key that does not compile) and, once `signal` aborts, with an AbortError: a running
 * thread is then killed and replaced.
 */
export type ScoringPool = {
  score(input: ScoreInput, signal?: AbortSignal): Promise<Exclude<Verdict, { kind: 'valid' }>>;
  check(input: CheckInput, signal?: AbortSignal): Promise<Exclude<Verdict, { kind: 'scored' }>>;
  /** The label of each row of a file that can be scored, and what the key says; for staff alone. */
  labels(input: CheckInput, signal?: AbortSignal): Promise<Labelled | Rejected>;
  compileKey(input: CompileKeyInput, signal?: AbortSignal): Promise<CompileKeyResult>;
  /** Resolves once every thread is gone, so maybe never: one that hangs in a system call can't be ended. */
  close(): Promise<void>;
};

export function createScoringPool({
  threads: threadCount,
  maxKeyBytes,
  compileTimeoutMs = 120_000,
}: ScoringPoolOptions): ScoringPool {
  const piscina = new Piscina<Task, CompileAnswer | ScoreAnswer>({
    filename: fileURLToPath(new URL('./thread.ts', import.meta.url)),
    // Fewer at least than at most would start and stop threads all the time: a new one takes milliseconds, a small file a tenth of one.
    minThreads: threadCount,
    maxThreads: threadCount,
    concurrentTasksPerWorker: 1,
  });
  const threads = watchThreads(piscina);
  const keys = createKeyCache(maxKeyBytes);

  async function score(
    { metrics, ...input }: ScoreInput,
    signal?: AbortSignal,
  ): Promise<Exclude<Verdict, { kind: 'valid' }>> {
    const { answer: verdict } = await run(input, { metrics: metrics.map(getMetric), withLabels: false }, signal);
    if (verdict.kind === 'valid' || verdict.kind === 'labels')
      throw new Error('a file was checked where it should have been scored');
    return verdict;
  }

  async function check(input: CheckInput, signal?: AbortSignal): Promise<Exclude<Verdict, { kind: 'scored' }>> {
    const { answer: verdict } = await run(input, { metrics: undefined, withLabels: false }, signal);
    if (verdict.kind === 'scored' || verdict.kind === 'labels')
      throw new Error('a file was scored where it should have been checked');
    return verdict;
  }

  async function labels(input: CheckInput, signal?: AbortSignal): Promise<Labelled | Rejected> {
    const { answer, key } = await run(input, { metrics: [], withLabels: true }, signal);
    if (answer.kind === 'rejected') return answer;
    if (answer.kind !== 'labels') throw new Error('a thread left out the labels');
    return { ...answer, key };
  }

  async function run(
    input: CheckInput,
    wanted: Pick<ScoreTask, 'metrics' | 'withLabels'>,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: Verdict | LabelsAnswer; key: AnswerKey }> {
    signal?.throwIfAborted();
    const { token, key, takeArena } = await keys.get(nameOf(input), () => compileForScoring(input));
    signal?.throwIfAborted();
    const arena = takeArena();
    const task = {
      kind: 'score',
      token,
      key: undefined,
      arena: arena.index,
      file: input.file,
      ...wanted,
      maxBytes: input.maxBytes,
    } as const;
    const options = signal === undefined ? {} : { signal };
    try {
      const first = await piscina.run(task, options);
      const answer = first.kind === 'key-wanted' ? await piscina.run({ ...task, key }, options) : first;
      if (answer.kind === 'compiled' || answer.kind === 'key-wanted' || 'source' in answer)
        throw new Error('a thread answered another task');
      arena.free();
      return { answer, key };
    } catch (error) {
      if (signal?.aborted === true) arena.abandon();
      else arena.free();
      throw error;
    }
  }

  /** Without the caller's signal: others may wait for the same key. */
  async function compileForScoring({ keyFile, sampleFile, classes }: KeySource): Promise<AnswerKey> {
    const answer = await piscina.run(
      {
        kind: 'compile',
        file: keyFile,
        sampleFile,
        classes,
        targets: 'label',
        maxBytes: maxKeyBytes,
        withShape: false,
      },
      { signal: AbortSignal.timeout(compileTimeoutMs) },
    );
    if (answer.kind === 'compiled') return answer.key;
    const first = answer.kind === 'rejected' ? answer.report.errors[0]?.message : undefined;
    throw new Error(`The answer key ${keyFile} does not compile: ${first ?? 'a thread answered another task'}`);
  }

  async function compileKey(input: CompileKeyInput, signal?: AbortSignal): Promise<CompileKeyResult> {
    const { file, sampleFile, classes, targets = 'label', maxBytes } = input;
    const answer = await piscina.run(
      { kind: 'compile', file, sampleFile, classes, targets, maxBytes, withShape: true },
      signal === undefined ? {} : { signal },
    );
    if (answer.kind === 'compiled') {
      const { summary, notices, shape } = answer;
      if (shape === undefined) throw new Error('a thread left out the shape');
      return { kind: 'compiled', summary, notices, shape };
    }
    if (answer.kind === 'rejected' && 'source' in answer) return answer;
    throw new Error('a thread answered another task');
  }

  return {
    score,
    check,
    labels,
    compileKey,
    close: async () => {
      await piscina.destroy();
      await threads.ended();
    },
  };
}

/**
 * Remembers a pool's threads until they have ended, also those that the pool has given up: one that hangs in a system call can't be ended, and
 * process.exit would wait for it for ever.
 */
function watchThreads(piscina: Piscina<Task, CompileAnswer | ScoreAnswer>): { ended(): Promise<void> } {
  const alive = new Map<object, Promise<unknown>>();
  const look = () => {
    for (const thread of piscina.threads) {
      if (alive.has(thread)) continue;
      alive.set(
        thread,
        once(thread, 'exit').finally(() => alive.delete(thread)),
      );
    }
  };
  look();
  piscina.on('workerCreate', look);
  return {
    ended: async () => void (await Promise.allSettled(alive.values())),
  };
}

function nameOf({ keyHash, sampleFile, classes }: KeySource): string {
  return JSON.stringify([keyHash, sampleFile ?? '', classes ?? []]);
}

function getMetric(name: string): Metric {
  const metric = parseMetric(name);
  if (metric === undefined) throw new Error(`There is no metric ${JSON.stringify(name)}`);
  return metric;
}
