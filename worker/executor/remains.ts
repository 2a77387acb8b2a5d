import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { places } from './cage.ts';
import type { ContainerState, Engine } from './docker.ts';
import type { OutputFile, RunSpec } from './executor.ts';
import { collect, type LogFiles, type Wanted } from './fetch.ts';
import type { Shell } from './shell.ts';

/** What a program leaves, taken after every process of it is dead. */
export interface Remains {
  readonly state: ContainerState;
  readonly log: LogFiles;
  readonly files: ReadonlyMap<string, OutputFile>;
  readonly others: readonly string[];
}

/** One archive of everything is quickest, unless much else lies there. */
const extraBytes = 64 * 2 ** 20;
const fetchMs = 300_000;
/** It has at most some megabytes to say. */
const laneMs = 30_000;

/** @throws where the cage has not ended, or the volumes are not those that it wrote to */
export async function fetchRemains(engine: Engine, shell: Shell, spec: RunSpec, scratch: string): Promise<Remains> {
  const [state, fetched] = await Promise.all([engine.inspect(shell.cage), fetchFiles(engine, shell, spec, scratch)]);
  // Asked after the reading: a holder that ended before it would have taken all output with it.
  const holder = await engine.inspect(shell.holder);
  if (state === undefined || state.running) throw new Error('the container of the program is not where it was');
  if (holder?.running !== true || holder.startedAt !== shell.holderStartedAt) {
    throw new Error('the container that held the output has ended');
  }
  return { state, ...fetched };
}

async function fetchFiles(
  engine: Engine,
  shell: Shell,
  spec: RunSpec,
  scratch: string,
): Promise<Omit<Remains, 'state'>> {
  const asked = spec.outputs.reduce((sum, { maxBytes }) => sum + maxBytes, 0);
  const maxBytes = logBytes(spec) + asked + extraBytes;
  const wanted: Wanted = { outputs: spec.outputs, maxLogBytes: logBytes(spec), maxBytes, scratch };
  const quick = await quickly(shell, wanted);
  const all = quick ?? (await read(places.run, wanted, ''));
  if (all === undefined) throw new Error('the run’s folder is gone');
  const files = new Map(all.files);
  for (const { name, maxBytes: most } of spec.outputs) {
    if (files.has(name)) continue;
    const alone = all.whole
      ? undefined
      : await read(`${places.out}/${name}`, { ...wanted, maxBytes: most + 65_536 }, 'run/out/');
    files.set(name, alone?.files.get(name) ?? { kind: 'missing' });
  }
  return { log: all.log, files, others: all.others };

  async function read(path: string, what: Wanted, parent: string) {
    const archive = await engine.getArchive(shell.holder, path, fetchMs);
    return archive === undefined ? undefined : await collect(archive, what, parent);
  }
}

/** Undefined where the holder can't, or breaks off: whatever came so far is then taken anew. */
async function quickly({ lane }: Shell, wanted: Wanted) {
  const scratch = join(wanted.scratch, 'quickly');
  await mkdir(scratch, { recursive: true });
  const archive = await lane.fetch(
    wanted.outputs.map(({ name }) => name),
    laneMs,
  );
  if (archive === undefined) return undefined;
  try {
    const all = await collect(archive, { ...wanted, scratch });
    return all.whole ? all : undefined;
  } catch {
    return undefined;
  }
}

/** The most that one file of the log may hold. */
export function logBytes(spec: RunSpec): number {
  return spec.limits.logKiB * 1024 + 65_536;
}
