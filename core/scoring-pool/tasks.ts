import type { KeySummary } from '../scoring/answer-key.ts';
import type { KeyTargets } from '../scoring/key-file.ts';
import type { AnswerKey } from '../scoring/key-memory.ts';
import type { Metric } from '../scoring/metrics.ts';
import type { RowLabels, Verdict } from '../scoring/predictions.ts';
import type { FileReport } from '../scoring/report.ts';

/** What goes to a thread and what comes back: plain data, and memory that threads share. */
export type CompileTask = {
  kind: 'compile';
  file: string;
  sampleFile: string | undefined;
  classes: readonly string[] | undefined;
  targets: KeyTargets;
  maxBytes: number;
  /** Encode the shape too, which takes as long as compiling when the ids must be sorted. */
  withShape: boolean;
};
export type ScoreTask = {
  kind: 'score';
  /** Tells compiled keys apart, so that a thread starts the kernel once for each. */
  token: number;
  /** Sent only to a thread that said it lacks it: V8 keeps a list of the copies of a shared memory, and slows down as it grows. */
  key: AnswerKey | undefined;
  arena: number;
  file: string;
  /** Absent: check only. */
  metrics: Metric[] | undefined;
  /** Answer with the label of each row in place of scores. */
  withLabels: boolean;
  maxBytes: number;
};
export type Task = CompileTask | ScoreTask;

export type CompileAnswer =
  | { kind: 'compiled'; key: AnswerKey; summary: KeySummary; notices: string[]; shape: Uint8Array | undefined }
  | { kind: 'rejected'; report: FileReport; source: 'key' | 'sample' };
export type LabelsAnswer = { kind: 'labels' } & RowLabels;
export type ScoreAnswer = Verdict | LabelsAnswer | { kind: 'key-wanted' };
