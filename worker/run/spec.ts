import { createHash } from 'node:crypto';
import type { RunInput, RunSettings } from '../../core/contract/runs.ts';
import type { Claim } from '../../core/submissions/claim.ts';
import type { InputFile, InputSet, RunSpec, ShellSpec } from '../executor/executor.ts';

/** What a phase says about how its code is run. */
export interface RunShape {
  readonly imageDigest: string;
  readonly runSettings: RunSettings;
  readonly files: readonly RunInput[];
}

/** The executed notebook, as the runner of the images names it. */
export const notebookName = 'executed.ipynb';
const maxNotebookBytes = 64 * 2 ** 20;

/** @param pathOf the path of a blob */
export function shellSpec(
  { imageDigest, runSettings, files }: RunShape,
  gpus: readonly string[],
  pathOf: (hash: string) => string,
): ShellSpec {
  const data = inputSet(
    files.filter(({ hidden }) => !hidden),
    pathOf,
  );
  const hidden = inputSet(
    files.filter((file) => file.hidden),
    pathOf,
  );
  return {
    image: imageDigest,
    limits: runSettings.limits,
    gpus,
    inputs: { ...(data && { data }), ...(hidden && { hidden }) },
  };
}

interface Job {
  readonly held: Claim;
  readonly worker: string;
  /** The path that is started, and all files of the package. */
  readonly entry: string;
  readonly files: readonly InputFile[];
}

export function runSpec(shell: ShellSpec, { held, worker, entry, files }: Job): RunSpec {
  const { runSettings, submissionId, attempt } = held;
  return {
    ...shell,
    // An attempt is claimed once: nobody else can have started a run of this name.
    name: `${worker}-${submissionId}-${attempt}`,
    labels: { 'topk.submission': String(submissionId), 'topk.attempt': String(attempt) },
    job: files,
    command: commandFor(runSettings, entry),
    env: {
      TOPK_SEED: String(runSettings.seed),
      PYTHONHASHSEED: String(runSettings.seed),
      ...(runSettings.cellSeconds !== null && { TOPK_CELL_SECONDS: String(runSettings.cellSeconds) }),
    },
    outputs: [
      { name: runSettings.output, maxBytes: held.maxFileBytes },
      ...(isNotebook(entry) ? [{ name: notebookName, maxBytes: maxNotebookBytes }] : []),
    ],
  };
}

/** The entry point alone is run by its kind, which the images know. A notebook always is: it would be no program to any other command. */
export function commandFor({ command }: RunSettings, entry: string): string[] {
  if (command.length === 0 || isNotebook(entry)) return [entry];
  return command.map((argument) => argument.replaceAll('{entry}', () => `/topk/job/${entry}`));
}

export function isNotebook(entry: string): boolean {
  return entry.toLowerCase().endsWith('.ipynb');
}

/** Whether students may learn what a run printed or wrote. Taking the hidden inputs away later must not open what was printed of them. */
export function mayTell({ runSettings }: Pick<Claim, 'runSettings'>): boolean {
  return runSettings.showLog !== 'none';
}

function inputSet(files: readonly RunInput[], pathOf: (hash: string) => string): InputSet | undefined {
  if (files.length === 0) return undefined;
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const hash = createHash('sha256');
  for (const { name, hash: contents } of sorted) hash.update(`${name}\0${contents}\n`);
  return {
    hash: hash.digest('hex'),
    files: sorted.map(({ name, hash: contents, bytes }) => ({ path: name, source: { file: pathOf(contents), bytes } })),
  };
}
