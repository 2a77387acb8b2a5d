import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ending, Executor, Outcome, RunSpec } from '../../worker/executor/executor.ts';

/** A metric.py that the fake scorer knows how to pretend to run: the mean absolute error, or what is behind "# says". */
export function metricThat(says?: unknown): string {
  return `${says === undefined ? '' : `# says ${JSON.stringify(says)}\n`}def score(solution, submission, row_id_column_name):\n    return 0.0\n`;
}

export interface FakeScorer {
  /** Runs metrics itself, and gives code to the other. */
  readonly executor: Executor;
  readonly runs: readonly RunSpec[];
}

/** Pretends to be the scorer's image: computes the error of column `y`, or says what the metric's file tells it to. */
export function createFakeScorer(others: Executor): FakeScorer {
  const runs: RunSpec[] = [];
  return {
    runs,
    executor: {
      ...others,
      run: async (spec, watcher, scratch, signal) => {
        if (!spec.command.some((word) => word.endsWith('topk_score.py')))
          return await others.run(spec, watcher, scratch, signal);
        runs.push(spec);
        const metric = await textOf(spec.job, 'metric.py');
        const says = /^# says (.*)$/m.exec(metric)?.[1];
        const told: unknown = says === undefined ? undefined : JSON.parse(says);
        if (isEnding(told)) return outcome({ ending: told.ending });
        const text = told === undefined ? JSON.stringify(await meanError(spec)) : String(says);
        // What Python's json writes, and JSON.parse refuses.
        const result = text.replace('"NaN"', 'NaN');
        const file = join(scratch, 'fetched-result');
        await writeFile(file, result);
        const sha256 = createHash('sha256').update(result).digest('hex');
        return outcome({ files: new Map([['result.json', { kind: 'file', file, bytes: result.length, sha256 }]]) });
      },
    },
  };
}

function isEnding(told: unknown): told is { ending: Ending } {
  return typeof told === 'object' && told !== null && 'ending' in told;
}

function outcome(parts: Partial<Outcome>): Outcome {
  const at = new Date();
  return {
    ending: { kind: 'exited', code: 0 },
    childOutOfMemory: false,
    startedAt: at,
    exitedAt: at,
    usage: { peakMemoryBytes: undefined, cpuSeconds: undefined, gpuSeconds: undefined },
    log: { head: Buffer.from('it said so\n'), tail: new Uint8Array(), skipped: 0 },
    files: new Map(),
    others: [],
    ...parts,
  };
}

async function textOf(files: RunSpec['job'], path: string): Promise<string> {
  const source = files.find((file) => file.path === path)?.source;
  if (source === undefined || !('file' in source)) throw new Error(`the scorer was given no ${path}`);
  return await readFile(source.file, 'utf8');
}

async function meanError(spec: RunSpec): Promise<unknown> {
  const given = new Map(rowsOf(await textOf(spec.job, 'submission.csv')).map((row) => [row['id'], Number(row['y'])]));
  const truth = rowsOf(await textOf(spec.inputs.data?.files ?? [], 'solution.csv'));
  const missing = truth.find((row) => !given.has(row['id']));
  if (missing) return { participantError: `The id '${missing['id']}' is missing.` };
  const board = (usage: string) => {
    const rows = truth.filter((row) => row['Usage'] === usage);
    const errors = rows.map((row) => Math.abs(Number(row['y']) - (given.get(row['id']) ?? NaN)));
    return rows.length === 0
      ? null
      : { mae: errors.reduce((sum, error) => sum + error, 0) / rows.length, most: Math.max(...errors) };
  };
  return { public: board('Public'), private: board('Private') };
}

function rowsOf(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
}
