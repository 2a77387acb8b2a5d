import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { RunLimits } from '../../../core/contract/runs.ts'

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const patterns = z.array(z.string().transform((text) => new RegExp(text, 'm')))

/** What must be observed of a program. A list of endings or kinds: any of them. */
const observed = z.strictObject({
  /** A time limit of its own only where the program is to reach it. */
  limits: z.partialRecord(RunLimits.keyof(), z.number()).default({}),
  /** Whether there are hidden inputs. */
  hidden: z.boolean().default(false),
  /** The limit of predictions.csv. */
  outputBytes: z.number().default(10_000_000),
  ending: oneOrMore,
  childOutOfMemory: z.boolean().optional(),
  log: patterns.default([]),
  /** In neither the log nor any file that was fetched nor the sentence. */
  never: patterns.default([]),
  /** At least as many bytes of the log were left out. */
  logSkips: z.number().default(0),
  files: z.partialRecord(z.literal('predictions.csv'), oneOrMore).default({}),
  /** In no fetched file. */
  filesNever: patterns.default([]),
  /** In no name that is listed as found beside. */
  othersNever: patterns.default([]),
  /** The reason of a rejection. */
  sentence: z.string().transform((text) => new RegExp(text, 's')).optional(),
  /** Right rows on the answer key below; only for what is scored. */
  scores: z.string().nullish().transform((scores) => scores ?? undefined),
  /** All unless given: what depends on no runtime but only on what is made of its end is shown on one. */
  runtimes: z.array(z.string()).optional(),
  /** Why gVisor rightly shows something else, where it does. */
  because: z.string().optional(),
})

const about = z.strictObject({
  /** The promise, as a sentence. */
  why: z.string(),
  /** The lines of the table of threats that it belongs to; none: a program that must work. */
  threats: z.array(z.number().int().min(1).max(20)),
})

/** `runsc` replaces what gVisor rightly shows otherwise. */
const programFile = z.looseObject({
  ...about.shape,
  runsc: z.looseObject({ because: z.string() }).optional(),
})

const archiveFile = z.strictObject({
  ...about.shape,
  refused: z.strictObject({
    code: z.string().transform((text) => text.split('|')),
    message: z.string().transform((text) => new RegExp(text)),
  }),
})

const elsewhere = z.array(z.strictObject({ threat: z.number(), file: z.string(), test: z.string() }))

export type Observed = z.infer<typeof observed>
export type HostileProgram = z.infer<typeof about> & { name: string; entry: string; files: URL[]; on(runtime: string): Observed }
export type HostileArchive = z.infer<typeof archiveFile> & { name: string; make: URL }

const here = new URL('./', import.meta.url)

/** Those that are run by a runtime. */
export function programsFor(runtime: string): HostileProgram[] {
  return readPrograms().filter((program) => program.on(runtime).runtimes?.includes(runtime) ?? true)
}

/** The folders beside this file that hold a program: all of its files are the job's, with attempts.py, which they share. */
export function readPrograms(): HostileProgram[] {
  return folders((folder) => !existsSync(new URL('make.ts', folder))).map(({ name, folder }) => {
    const { runsc, why, threats, ...common } = programFile.parse(expectedIn(folder))
    const own = readdirSync(folder).filter((file) => file !== 'expected.yaml')
    const onOthers = observed.parse(common)
    const onGvisor = observed.parse({ ...common, ...runsc })
    return {
      name,
      why,
      threats,
      entry: own.includes('main.ipynb') ? 'main.ipynb' : 'main.py',
      files: [...own.map((file) => new URL(file, folder)), new URL('attempts.py', here)],
      on: (runtime) => (runtime === 'runsc' ? onGvisor : onOthers),
    }
  })
}

/** The folders beside this file that hold a `make.ts` with `makeFile()`, which makes a zip. */
export function readArchives(): HostileArchive[] {
  return folders((folder) => existsSync(new URL('make.ts', folder))).map(({ name, folder }) => {
    return { name, make: new URL('make.ts', folder), ...archiveFile.parse(expectedIn(folder)) }
  })
}

/** Tests that show what no program here can. */
export function readElsewhere(): z.infer<typeof elsewhere> {
  return elsewhere.parse(parse(readFileSync(new URL('elsewhere.yaml', here), 'utf8')))
}

function folders(wanted: (folder: URL) => boolean): { name: string; folder: URL }[] {
  return readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, folder: new URL(`${name}/`, here) }))
    .filter(({ folder }) => existsSync(new URL('expected.yaml', folder)) && wanted(folder))
}

function expectedIn(folder: URL): unknown {
  return parse(readFileSync(new URL('expected.yaml', folder), 'utf8'))
}
