import { createKeyCompiler } from '../scoring/answer-key.ts'
import { startKernel, type Kernel } from '../scoring/kernel/kernel.ts'
import { openScorer } from '../scoring/predictions.ts'
import { createSampleReader } from '../scoring/sample-file.ts'
import { encodeShape } from '../scoring/shape.ts'
import { loadKernelFile } from './kernel-file.ts'
import { readInto } from './source.ts'
import type { CompileAnswer, CompileTask, ScoreAnswer, ScoreTask, Task } from './tasks.ts'

/** The kernels that this thread started last: a memory lives as long as a kernel over it. */
const MAX_STARTED = 2
const module = loadKernelFile()
const started = new Map<number, Kernel>()

/** Runs in a scoring thread: one task at a time. Throws only for our own faults. */
export default async function runTask(task: Task): Promise<CompileAnswer | ScoreAnswer> {
  return task.kind === 'compile' ? compile(task) : score(task)
}

async function score({ token, key, arena, file, metrics, maxBytes }: ScoreTask): Promise<ScoreAnswer> {
  const scorer = openScorer({ key, kernel: await kernelFor(token, key.memory), metrics, maxBytes, arena })
  await readInto(file, { push: scorer.push, fail: scorer.fail, tooLarge: scorer.tooLarge, direct: scorer }, maxBytes)
  return scorer.finish()
}

async function kernelFor(token: number, memory: WebAssembly.Memory): Promise<Kernel> {
  const kernel = started.get(token) ?? startKernel(await module, memory)
  started.delete(token)
  started.set(token, kernel)
  for (const oldest of started.keys()) {
    if (started.size <= MAX_STARTED) break
    started.delete(oldest)
  }
  return kernel
}

async function compile({ file, sampleFile, classes, maxBytes }: CompileTask): Promise<CompileAnswer> {
  const order = sampleFile === undefined ? undefined : await readSample(sampleFile, maxBytes)
  if (order?.kind === 'rejected') return { ...order, source: 'sample' }
  const compiler = createKeyCompiler({
    kernel: await module, maxBytes,
    ...(classes === undefined ? {} : { classes }),
    ...(order === undefined ? {} : { sample: order.sample }),
  })
  await readInto(file, compiler, maxBytes)
  const result = compiler.finish()
  if (result.kind === 'rejected') return { ...result, source: 'key' }
  return { ...result, shape: encodeShape(result.key) }
}

async function readSample(file: string, maxBytes: number): Promise<ReturnType<ReturnType<typeof createSampleReader>['finish']>> {
  const reader = createSampleReader(maxBytes)
  await readInto(file, reader, maxBytes)
  return reader.finish()
}
