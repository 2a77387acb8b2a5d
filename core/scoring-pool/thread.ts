import { createKeyCompiler } from '../scoring/answer-key.ts';
import { startKernel, type Kernel } from '../scoring/kernel/kernel.ts';
import type { AnswerKey } from '../scoring/key-memory.ts';
import { openScorer } from '../scoring/predictions.ts';
import { createSampleReader } from '../scoring/sample-file.ts';
import { encodeShape } from '../scoring/shape.ts';
import { loadKernelFile } from './kernel-file.ts';
import { readInto } from './source.ts';
import type { CompileAnswer, CompileTask, ScoreAnswer, ScoreTask, Task } from './tasks.ts';

/** The keys that this thread worked with last: their memory lives as long. */
const MAX_STARTED = 2;
const module = loadKernelFile();
const started = new Map<number, OpenedKey>();

type OpenedKey = { key: AnswerKey; kernel: Kernel };

/** Runs in a scoring thread: one task at a time. Throws only for our own faults. */
export default async function runTask(task: Task): Promise<CompileAnswer | ScoreAnswer> {
  return task.kind === 'compile' ? compile(task) : score(task);
}

async function score({
  token,
  key: sent,
  arena,
  file,
  metrics,
  maxBytes,
  withLabels,
}: ScoreTask): Promise<ScoreAnswer> {
  const opened =
    started.get(token) ??
    (sent === undefined ? undefined : { key: sent, kernel: startKernel(await module, sent.memory) });
  if (opened === undefined) return { kind: 'key-wanted' };
  keepStarted(token, opened);
  const scorer = openScorer({ ...opened, metrics, maxBytes, arena, withLabels });
  await readInto(file, { push: scorer.push, fail: scorer.fail, tooLarge: scorer.tooLarge, direct: scorer }, maxBytes);
  const verdict = scorer.finish();
  return withLabels && verdict.kind === 'scored' ? { kind: 'labels', ...scorer.labels() } : verdict;
}

function keepStarted(token: number, opened: OpenedKey): void {
  started.delete(token);
  started.set(token, opened);
  for (const oldest of started.keys()) {
    if (started.size <= MAX_STARTED) break;
    started.delete(oldest);
  }
}

async function compile({
  file,
  sampleFile,
  classes,
  targets,
  maxBytes,
  withShape,
}: CompileTask): Promise<CompileAnswer> {
  const order = sampleFile === undefined ? undefined : await readSample(sampleFile, maxBytes);
  if (order?.kind === 'rejected') return { ...order, source: 'sample' };
  const compiler = createKeyCompiler({
    kernel: await module,
    maxBytes,
    targets,
    ...(classes === undefined ? {} : { classes }),
    ...(order === undefined ? {} : { sample: order.sample }),
  });
  await readInto(file, compiler, maxBytes);
  const result = compiler.finish();
  if (result.kind === 'rejected') return { ...result, source: 'key' };
  return { ...result, shape: withShape ? encodeShape(result.key) : undefined };
}

async function readSample(
  file: string,
  maxBytes: number,
): Promise<ReturnType<ReturnType<typeof createSampleReader>['finish']>> {
  const reader = createSampleReader(maxBytes);
  await readInto(file, reader, maxBytes);
  return reader.finish();
}
