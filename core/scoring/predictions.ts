import { createCsvReader, type FormReader } from './csv-predictions.ts';
import { startJob } from './job.ts';
import type { AnswerKey } from './key-memory.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Metric, Scores } from './metrics.ts';
import { createNpyReader } from './npy-predictions.ts';
import { counted, type FileReport, type ProblemCode } from './report.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import { tallyRanks } from './tally.ts';

/** What is to be said about a predictions file. `hits` holds, by metric, one bit per row of the answer key's file, lowest bit first. */
export type Verdict =
  | { kind: 'scored'; rows: number; scores: Scores; hits: Record<string, Uint8Array>; notices: string[] }
  | { kind: 'valid'; rows: number; notices: string[] }
  | { kind: 'rejected'; report: FileReport };

export type ScorerOptions = {
  key: AnswerKey;
  kernel: Kernel;
  /** Without metrics the file is only checked: the labels are not touched. */
  metrics: readonly Metric[] | undefined;
  /** The most bytes to read, decompressed. */
  maxBytes: number;
  /** Runs on one key at the same time take different arenas. */
  arena?: number;
  useKernel?: boolean;
  /** Notes the best label of each row, which takes longer; needs metrics, of which there may be none. */
  withLabels?: boolean;
};

/** Takes a file's bytes, decompressed, in pieces of any size. */
export type Scorer = {
  /** Takes bytes; false once more of them cannot change the verdict. */
  push(bytes: Uint8Array): boolean;
  /** Free memory to read a file into without a copy, never empty; follow with `wrote`. */
  space(): Uint8Array;
  /** Takes the first `count` bytes of `space()`; false once more cannot change the verdict. */
  wrote(count: number): boolean;
  /** Ends the file with a problem that the reader of its bytes found, such as broken gzip. */
  fail(code: ProblemCode, message: string): void;
  /** Ends a file that is known to be over the limit, unread. */
  tooLarge(): void;
  finish(): Verdict;
  /** Of a file that was scored with `withLabels`: by row of the key, the class that was predicted, and the rank of the true one, 0 where it is not in the list. */
  labels(): RowLabels;
};

export type RowLabels = { best: Uint32Array; ranks: Uint8Array };

export function openScorer(options: ScorerOptions): Scorer {
  const { key, kernel, metrics, maxBytes } = options;
  const withTruth = metrics !== undefined && key.layout.truth !== 0;
  const withBest = options.withLabels ?? false;
  // The kernel says ranks only: where labels are wanted, every row of a CSV is read with care.
  const useKernel = !withBest && (options.useKernel ?? true);
  const job = startJob(key, kernel, options.arena ?? 0, { withTruth, useKernel, withBest });
  const { bytes, report } = job;
  const window = job.arena.window;
  const windowEnd = window + job.arena.windowBytes;
  let reader: FormReader | undefined;
  let end = window;
  let total = 0;
  let stop = false;

  return { push, space, wrote, fail, tooLarge, finish, labels };

  function push(source: Uint8Array): boolean {
    for (let at = 0; at < source.length && !stop;) {
      const count = Math.min(source.length - at, windowEnd - end);
      bytes.set(source.subarray(at, at + count), end);
      wrote(count);
      at += count;
    }
    return !stop;
  }

  function space(): Uint8Array {
    return bytes.subarray(end, windowEnd);
  }

  function wrote(count: number): boolean {
    total += count;
    end += count;
    if (total > maxBytes) tooLarge();
    else advance(false);
    return !stop;
  }

  function labels(): RowLabels {
    if (job.best === undefined) throw new Error('labels were not asked for');
    return { best: job.best, ranks: job.ranks.slice() };
  }

  function advance(last: boolean): void {
    if (stop || (end - window < SNIFF_BYTES && reader === undefined && !last)) return;
    let from = window;
    if (reader === undefined) {
      const form = sniff(bytes.subarray(window, Math.min(end, window + SNIFF_BYTES)));
      if (form.kind === 'problem') return fail(form.code, form.message);
      reader = form.kind === 'npy' ? createNpyReader(job) : createCsvReader(job);
      if (form.kind === 'csv') from += form.skip;
    }
    const rest = reader.read(from, end, last);
    if (reader.stopped()) stop = true;
    if (rest > window) {
      bytes.copyWithin(window, rest, end);
      end -= rest - window;
    }
  }

  function fail(code: ProblemCode, message: string): void {
    if (stop) return;
    report.end(code, {}, message);
    stop = true;
    reader = undefined;
  }

  function tooLarge(): void {
    fail(
      'too-large',
      `The file is larger than ${counted(maxBytes, 'byte')}, the limit for a file as uploaded and unpacked. Upload the predictions only.`,
    );
  }

  function finish(): Verdict {
    advance(true);
    reader?.finish();
    stop = true;
    if (report.count() > 0) return { kind: 'rejected', report: report.report() };
    const { rows, notices } = job;
    if (metrics === undefined || !withTruth) return { kind: 'valid', rows, notices };
    return { kind: 'scored', rows, ...tallyRanks(job, metrics), notices };
  }
}
