import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { z } from 'zod'

const problem = z.strictObject({
  code: z.string(),
  line: z.number().optional(),
  row: z.number().optional(),
  column: z.string().optional(),
  message: z.string(),
})

/** A case's `expected.json`: which key it is scored with, and the verdict. `hits` is `hits/rows` by board and metric. */
const expectation = z.strictObject({
  why: z.string(),
  key: z.string().default('small'),
  maxBytes: z.number().default(100_000_000),
  verdict: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('scored'),
      hits: z.strictObject({ public: z.record(z.string(), z.string()), private: z.record(z.string(), z.string()) }),
      notices: z.array(z.string()),
    }),
    z.strictObject({ kind: z.literal('rejected'), errors: z.array(problem), moreErrors: z.number() }),
  ]),
})

export type Expectation = z.infer<typeof expectation>
export type GoldenCase = Expectation & { name: string; bytes: () => Promise<Uint8Array> }

/** The folders beside this file that hold an `expected.json`, and a `file.*` or a `make.ts` with `makeFile()`. */
export function readCases(): GoldenCase[] {
  const here = new URL('./', import.meta.url)
  return readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/expected.json`, here)))
    .map(({ name }) => {
      const folder = new URL(`${name}/`, here)
      const expected = expectation.parse(JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')))
      return { name, ...expected, bytes: () => readBytes(folder) }
    })
}

async function readBytes(folder: URL): Promise<Uint8Array> {
  const file = readdirSync(folder).find((name) => name.startsWith('file.'))
  if (file !== undefined) return Uint8Array.from(readFileSync(new URL(file, folder)))
  const made: unknown = await import(new URL('make.ts', folder).href)
  if (typeof made !== 'object' || made === null || !('makeFile' in made) || typeof made.makeFile !== 'function') {
    throw new Error(`${folder.href} holds neither file.* nor a make.ts with makeFile()`)
  }
  const bytes: unknown = made.makeFile()
  if (!(bytes instanceof Uint8Array)) throw new Error(`${folder.href}make.ts makes no bytes`)
  return Uint8Array.from(bytes)
}

export function keyUrl(name: string): URL {
  return new URL(`keys/${name}.csv`, import.meta.url)
}
