import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkPackage, unpackPackage } from '../../../core/code/package.ts'
import { programsFor, readArchives, readElsewhere, readPrograms } from './expectation.ts'

const Maker = z.object({ makeFile: z.custom<() => Uint8Array>((value) => typeof value === 'function') })
let scratch: string

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hostile-archives-'))
})
afterAll(() => rmSync(scratch, { recursive: true }))

describe.each(readArchives())('golden/hostile/$name: $why', ({ name, make, refused }) => {
  it('is refused before anything is unpacked, with the name of the entry', async () => {
    const file = join(scratch, `${name}.zip`)
    const { makeFile } = Maker.parse(await import(make.href))
    const bytes = makeFile()
    writeFileSync(file, bytes)
    const folder = mkdtempSync(join(scratch, 'unpacked-'))
    const sent = { file, bytes: bytes.length, name: 'archive.zip' }
    for (const answer of [await checkPackage(sent), await unpackPackage(sent, folder)]) {
      if (answer.kind !== 'refused') throw new Error('it was taken')
      const [first] = answer.errors
      expect(refused.code).toContain(first?.code)
      expect(first?.message).toMatch(refused.message)
    }
    // What is unpacked has a number for its name: nothing lies elsewhere.
    expect(readdirSync(folder).filter((entry) => !/^\d+$/.test(entry))).toEqual([])
  })
})

describe('the hostile corpus', () => {
  const programs = readPrograms()

  it.each(['runc', 'runsc'])('has at least fifty programs on %s, and something for every line that has programs', (runtime) => {
    const here = programsFor(runtime)
    expect(here.length).toBeGreaterThanOrEqual(50)
    const lines = (all: typeof here) => [...new Set(all.flatMap(({ threats }) => threats))].sort((a, b) => a - b)
    expect(lines(here)).toEqual(lines(programs))
  })

  it('has something for every line of the table of threats', () => {
    const covered = [...programs, ...readArchives()].flatMap(({ threats }) => threats)
    const lines = new Set([...covered, ...readElsewhere().map(({ threat }) => threat)])
    expect([...lines].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it.each(readElsewhere())('is completed by "$test"', ({ file, test }) => {
    expect(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')).toContain(`'${test}'`)
  })
})
