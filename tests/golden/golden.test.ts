import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScoringPool, type ScoringPool } from '../../core/scoring-pool/pool.ts'
import { checkBlob } from '../../core/scoring/check-blob.ts'
import { isGzip } from '../../core/scoring/gzip.ts'
import { startKernel, type KernelModule } from '../../core/scoring/kernel/kernel.ts'
import type { MetricScore } from '../../core/scoring/metrics.ts'
import type { Verdict } from '../../core/scoring/predictions.ts'
import { decodeShape, encodeShape } from '../../core/scoring/shape.ts'
import { getCompiled, getKernel, scoreBytes } from '../unit/scoring/support.ts'
import { keyUrl, readCases, type Expectation, type GoldenCase } from './cases.ts'

const METRICS = ['top1', 'top5']
let kernel: KernelModule
let pool: ScoringPool
let folder: string

beforeAll(async () => {
  kernel = await getKernel()
  pool = createScoringPool({ threads: 1, maxKeyBytes: 50_000_000 })
  folder = mkdtempSync(join(tmpdir(), 'golden-'))
}, 60_000);

afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})

describe.each(readCases())('golden/$name: $why', (golden) => {
  it('has the expected verdict from the pool', async () => {
    const bytes = await golden.bytes()
    const file = join(folder, golden.name)
    writeFileSync(file, bytes)
    const input = { file, keyFile: fileURLToPath(keyUrl(golden.key)), keyHash: golden.key, maxBytes: golden.maxBytes }
    expect(summary(await pool.score({ ...input, metrics: METRICS }))).toEqual(golden.verdict)
    expect(withoutScores(await pool.check(input))).toEqual(withoutScores(golden.verdict))
  })

  it('has it in pieces of any size, and without the kernel', async () => {
    const bytes = await golden.bytes()
    if (isGzip(bytes)) return
    const { key } = getCompiled(kernel, readFileSync(keyUrl(golden.key)))
    const sizes = bytes.length < 5_000 ? [1, 2, 7, 64, 1_000_000] : [999_983]
    for (const chunkBytes of sizes) {
      for (const useKernel of [true, false]) {
        expect(summary(scoreBytes(kernel, key, bytes, { chunkBytes, useKernel, maxBytes: golden.maxBytes }))).toEqual(golden.verdict)
      }
    }
  })

  it('is judged alike in the browser, from the shape alone', async () => {
    const bytes = await golden.bytes()
    expect(await checkInBrowser(golden, bytes)).toEqual(browserVerdict(golden))
  })
})

async function checkInBrowser(golden: GoldenCase, bytes: Uint8Array): Promise<unknown> {
  const { key } = getCompiled(kernel, readFileSync(keyUrl(golden.key)))
  const shape = decodeShape(kernel, encodeShape(key))
  const verdict = await checkBlob(shape, startKernel(kernel, shape.memory), new Blob([Uint8Array.from(bytes)]), { maxBytes: golden.maxBytes })
  return verdict.kind === 'unchecked' ? verdict.kind : withoutScores(verdict)
}

/** Browsers unpack one gzip member and say no more than that the rest fails: such a file is left to the server. */
function browserVerdict(golden: GoldenCase): unknown {
  if (['gzip-damaged', 'gzip-truncated', 'gzip-members'].includes(golden.name)) return 'unchecked'
  return withoutScores(golden.verdict)
}

type Outcome = Verdict | Expectation['verdict']

function withoutScores(verdict: Outcome): unknown {
  if (verdict.kind !== 'rejected') return 'valid'
  return 'report' in verdict ? { kind: 'rejected', ...verdict.report } : verdict
}

function summary(verdict: Verdict): unknown {
  if (verdict.kind === 'rejected') return { kind: 'rejected', ...verdict.report }
  if (verdict.kind === 'valid') return verdict
  const counts = (scores: Record<string, MetricScore>): unknown => {
    return Object.fromEntries(Object.entries(scores).map(([name, { hits, rows }]) => [name, `${hits}/${rows}`]))
  }
  const { scores, notices } = verdict
  return { kind: 'scored', hits: { public: counts(scores.public), private: counts(scores.private) }, notices }
}
