import type { RunLimits, RunSample } from '../../core/contract/runs.ts';

/** A file that goes into the sandbox. `path` is relative, with `/`; it has been checked. */
export interface InputFile {
  readonly path: string;
  readonly source: { readonly file: string; readonly bytes: number } | { readonly content: Uint8Array };
}

/** Files that many runs read: kept at the sandbox's host between runs, under `hash`, which names their contents. */
export interface InputSet {
  readonly hash: string;
  readonly files: readonly InputFile[];
}

/** What can be made ready before it is known which program will run. */
export interface ShellSpec {
  /** The image's digest. */
  readonly image: string;
  readonly limits: RunLimits;
  /** Device ids that the run has to itself. */
  readonly gpus: readonly string[];
  /** Mounted read-only: `data` at /topk/data, `hidden` at /topk/hidden. */
  readonly inputs: { readonly data?: InputSet; readonly hidden?: InputSet };
}

export interface RunSpec extends ShellSpec {
  /** Unique; a second run of the same name is refused while the first one is there. */
  readonly name: string;
  /** For people, where the container is made for this run; one that was ready has none of them, but the name. */
  readonly labels: Readonly<Record<string, string>>;
  /** Put into /topk/job, read-only. */
  readonly job: readonly InputFile[];
  /** Run with the working directory /topk/run/out. */
  readonly command: readonly string[];
  /** Beside those that the contract of the image fixes (seed, threads, paths). */
  readonly env: Readonly<Record<string, string>>;
  /** Files in the top of the working directory to be fetched; all others are only counted. */
  readonly outputs: readonly { readonly name: string; readonly maxBytes: number }[];
}

/** What happens while it runs. None of them may throw; a slow one slows nothing but itself. */
export interface RunWatcher {
  /** Everything is in place; the program starts next. `limits` are those that hold, as the machine could set them. */
  prepared?(limits: RunLimits): void;
  started?(at: Date): void;
  /** What was printed since the last call, as bytes from `offset` on; `offset` jumps where output was left out. */
  printed?(offset: number, bytes: Uint8Array): void;
  sampled?(sample: RunSample): void;
}

export type OutputFile =
  | { readonly kind: 'file'; readonly file: string; readonly bytes: number; readonly sha256: string }
  | { readonly kind: 'missing' }
  /** A link, a folder, a device, a pipe, a file with several names: `what` says which. */
  | { readonly kind: 'refused'; readonly what: string }
  | { readonly kind: 'too-large'; readonly bytes: number };

export type Ending =
  /** `signal` where the exit code says one (128 + n). */
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'output-too-large'; readonly what: 'bytes' | 'files' }
  | { readonly kind: 'cancelled' };

export interface Outcome {
  readonly ending: Ending;
  /** A process of the program was killed for memory though the program itself went on: a warning where the output is valid. */
  readonly childOutOfMemory: boolean;
  readonly startedAt: Date;
  readonly exitedAt: Date;
  readonly usage: {
    readonly peakMemoryBytes: number | undefined;
    readonly cpuSeconds: number | undefined;
    readonly gpuSeconds: number | undefined;
  };
  /** Beginning and end of what was printed, raw; `skipped` bytes lie between them. */
  readonly log: { readonly head: Uint8Array; readonly tail: Uint8Array; readonly skipped: number };
  /** By the names asked for. */
  readonly files: ReadonlyMap<string, OutputFile>;
  /** Names of what else lies in the top of the working directory, at most 20: to say "found pred.csv". */
  readonly others: readonly string[];
}

/**
 * Runs programs that nobody trusts. `run` resolves for anything that a program can do to itself and rejects only where the sandbox broke, or with a
 * `SandboxUnavailable` where it could not begin. When it has settled, no process of the run is left.
 */
export interface Executor {
  /** runc, runsc, nvidia: shown with each run. */
  readonly runtime: string;
  /**
   * @param scratch a folder of the caller's, for fetched files
   * @param signal cancels: the program is killed and the outcome is `cancelled`
   */
  run(spec: RunSpec, watcher: RunWatcher, scratch: string, signal: AbortSignal): Promise<Outcome>;
  /** Makes ready what the next run of this shape will need: image, inputs, container. Never rejects; the last few shapes asked for are kept. */
  anticipate(spec: ShellSpec): Promise<void>;
  /** Removes what other workers, or this one before it was killed, left behind; never what no Topk made. @returns how much it removed */
  sweep(isAlive: (labels: Readonly<Record<string, string>>) => Promise<boolean>): Promise<number>;
  /** Removes all that it keeps ready. */
  close(): Promise<void>;
}

/** The sandbox could not begin: no Docker, an image that is missing. Nothing of the student's was run. */
export class SandboxUnavailable extends Error {}
