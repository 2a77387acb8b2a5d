import { createHash, randomBytes } from 'node:crypto';
import { cageOptions, holderOptions } from './cage.ts';
import type { Engine } from './docker.ts';
import { SandboxUnavailable, type ShellSpec } from './executor.ts';
import type { Inputs } from './inputs.ts';
import { openLane, type Lane } from './lane.ts';
import { labelOf, labelsFor, type Owner } from './labels.ts';

/** A cage whose runner waits for a program, and the holder of its volumes. */
export interface Shell {
  /** Which specs it is for. */
  readonly key: string;
  readonly name: string;
  readonly cage: string;
  readonly holder: string;
  readonly lane: Lane;
  readonly volumes: readonly string[];
  /** When the holder started: if it has another start than this, its volumes are not those of the run. */
  readonly holderStartedAt: string;
  readonly uid: number;
  readonly madeAt: number;
}

/** A ready shell is replaced when it is that old, so that a deadline can be told when it is made. */
export const maxIdleMs = 3_600_000;
/** Beyond the time limit, for fetching and removing. */
const graceMs = 600_000;

export interface ShellMaker {
  /** @param labels beside its own */
  make(spec: ShellSpec, labels?: Readonly<Record<string, string>>): Promise<Shell>;
  /** Whether it still waits for a program: it has not if the daemon restarted, say. */
  isWaiting(shell: Shell): Promise<boolean>;
  /** Removes all of it, or leaves it to the sweep; harmless twice. */
  remove(shell: Shell): Promise<void>;
  /** The names of those that are there or being made. */
  readonly names: ReadonlySet<string>;
}

interface ShellMakerOptions {
  readonly engine: Engine;
  readonly owner: Owner;
  readonly inputs: Inputs;
  readonly runtime: string;
  readonly gvisor: boolean;
}

export function createShellMaker({ engine, owner, inputs, runtime, gvisor }: ShellMakerOptions): ShellMaker {
  const uids = new Set<number>();
  const names = new Set<string>();

  async function start(name: string, options: Parameters<Engine['create']>[1]): Promise<string> {
    const id = await engine.create(name, options);
    await engine.start(id);
    return id;
  }

  async function mountable(spec: ShellSpec): Promise<{ data: string | undefined; hidden: string | undefined }> {
    const { data, hidden } = spec.inputs;
    const ready = async (set: typeof data) => (set === undefined ? undefined : inputs.ready(set, spec.image));
    return { data: await ready(data), hidden: await ready(hidden) };
  }

  async function makeNamed(
    spec: ShellSpec,
    name: string,
    uid: number,
    more: Readonly<Record<string, string>>,
  ): Promise<Shell> {
    const volumes = { job: `${name}-job`, out: `${name}-out`, log: `${name}-log` };
    const mounted = await mountable(spec);
    const deadline = new Date(Date.now() + maxIdleMs + spec.limits.wallSeconds * 1000 + graceMs);
    const labels = { ...more, ...labelsFor(owner, 'run', deadline), [labelOf.shell]: name };
    const parts = { uid, runtime, gvisor, volumes, inputs: mounted, labels };
    const holding = start(`${name}-holder`, holderOptions(spec, parts));
    const caging = start(name, cageOptions(spec, parts));
    // Where one fails, the other is still being made: both have to be there to be removed.
    await Promise.allSettled([holding, caging]);
    const holder = await holding;
    const cage = await caging;
    const lane = openLane(await engine.attach(holder));
    const state = await engine.inspect(holder);
    if (state?.running !== true) throw new Error('the holder of the volumes has ended');
    for (const volume of [mounted.data, mounted.hidden]) {
      if (volume !== undefined && !(await inputs.isComplete(volume)))
        throw new Error(`the inputs ${volume} were removed`);
    }
    const madeAt = Date.now();
    return {
      key: shellKey(spec),
      name,
      cage,
      holder,
      lane,
      volumes: Object.values(volumes),
      holderStartedAt: state.startedAt,
      uid,
      madeAt,
    };
  }

  async function removeParts(containers: readonly string[], volumes: readonly string[]): Promise<void> {
    await all(containers.map((id) => engine.remove(id)));
    await all(volumes.map((volume) => engine.removeVolume(volume)));
  }

  return {
    async make(spec, labels = {}) {
      const name = `topk-shell-${owner.worker}-${randomBytes(6).toString('hex')}`;
      const uid = freeUid(firstUid(owner.worker), uids);
      uids.add(uid);
      names.add(name);
      try {
        return await makeNamed(spec, name, uid, labels);
      } catch (error) {
        await removeParts([name, `${name}-holder`], [`${name}-job`, `${name}-out`, `${name}-log`]).catch(
          () => undefined,
        );
        uids.delete(uid);
        names.delete(name);
        throw new SandboxUnavailable(
          `no container could be made: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
    },
    async isWaiting({ cage, holder, holderStartedAt }) {
      const [caged, held] = await Promise.all([engine.inspect(cage), engine.inspect(holder)]);
      return caged?.running === true && held?.running === true && held.startedAt === holderStartedAt;
    },
    async remove({ name, cage, holder, lane, volumes, uid }) {
      lane.close();
      try {
        await removeParts([cage, holder], volumes);
        uids.delete(uid);
      } finally {
        // Of no use in either case: what could not be removed is the sweep's.
        names.delete(name);
      }
    },
    names,
  };
}

/** The same for specs that one shell can serve. */
export function shellKey({ image, limits, gpus, inputs }: ShellSpec): string {
  return JSON.stringify([image, limits, [...gpus].sort(), inputs.data?.hash, inputs.hidden?.hash]);
}

/**
 * Students' uids begin at 20,000, where images have no users. The kernel counts some things by uid (pipes, watched files), so each worker has a hundred
 * of its own, unless two of 400 happen on the same.
 */
function firstUid(worker: string): number {
  return 20_000 + (createHash('sha256').update(worker).digest().readUInt32BE() % 400) * 100;
}

function freeUid(first: number, taken: ReadonlySet<number>): number {
  let uid = first;
  while (taken.has(uid)) uid += 1;
  return uid;
}

/** Does all, then fails with the first failure. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
