import { randomBytes } from 'node:crypto';
import type { RunLimits } from '../../core/contract/runs.ts';
import type { Log } from '../../core/log.ts';
import { EngineError, openEngine, type Engine } from './docker.ts';
import { SandboxUnavailable, type Executor, type RunSpec } from './executor.ts';
import { createInputs } from './inputs.ts';
import { nameable, runName } from './labels.ts';
import { fitToMachine } from './machine.ts';
import { runProgram } from './program.ts';
import type { GpuSampler } from './samples.ts';
import { createShellMaker, type Shell } from './shell.ts';
import { createShells } from './shells.ts';
import { sweepRuns } from './sweep.ts';

export interface SandboxOptions {
  /** As in DOCKER_HOST. */
  readonly host: string;
  /** A runtime that the daemon has; its own choice where it is not given. */
  readonly runtime?: string | undefined;
  /** Which database's worker it is: the things of others on the same daemon are not touched. */
  readonly installation: string;
  readonly worker: string;
  /** How many containers are kept ready for the runs to come. */
  readonly ready: number;
  readonly gpuSampler?: GpuSampler | undefined;
  readonly log: Log;
}

/** @throws SandboxUnavailable where no daemon answers at the address, or it has no such runtime */
export async function createDockerExecutor(options: SandboxOptions): Promise<Executor> {
  const engine = openEngine(options.host);
  return compose(engine, await lookAtHost(engine, options.runtime), options);
}

function compose(
  engine: Engine,
  { runtime, gvisor, fit }: Place,
  { installation, worker, ready, gpuSampler, log }: SandboxOptions,
): Executor {
  const owner = {
    installation: nameable(installation),
    worker: nameable(worker),
    session: randomBytes(6).toString('hex'),
  };
  const inputs = createInputs(engine, owner);
  const maker = createShellMaker({ engine, owner, inputs, runtime, gvisor });
  const shells = createShells({ maker, count: ready, log });

  /** From here on it is this run's: a second one of the same name fails. */
  async function takeFor(spec: RunSpec): Promise<Shell> {
    const shell = await shells.take(spec);
    try {
      await engine.rename(shell.cage, runName(owner.installation, spec.name));
    } catch (error) {
      shells.remove(shell);
      if (error instanceof EngineError && error.status === 409)
        throw new Error(`the run ${spec.name} is there already`, { cause: error });
      throw error;
    }
    return shell;
  }

  return {
    runtime,
    async run(wanted, watcher, scratch, signal) {
      const spec = { ...wanted, limits: fit(wanted.limits) };
      const shell = await takeFor(spec);
      // Not at once: making a container would slow the beginning of this one, or all of it where it is short.
      const soon = setTimeout(() => shells.replenish(), 1000);
      try {
        return await runProgram({ engine, shell, spec, watcher, scratch, signal, gpuSampler, log });
      } finally {
        clearTimeout(soon);
        shells.retire(shell);
      }
    },
    async anticipate(spec) {
      // The run itself tells why it can't be.
      const limits = fitOrNothing(spec.limits, fit);
      if (limits !== undefined) await shells.anticipate({ ...spec, limits });
    },
    async sweep(isAlive) {
      return (await sweepRuns(engine, owner, maker.names, isAlive)) + (await inputs.prune());
    },
    async close() {
      await shells.close();
    },
  };
}

interface Place {
  readonly runtime: string;
  readonly gvisor: boolean;
  /** Limits as this machine can set them. @throws a sentence for staff where it can't hold the program at all */
  readonly fit: (limits: RunLimits) => RunLimits;
}

async function lookAtHost(engine: Engine, wanted: string | undefined): Promise<Place> {
  const { standard, paths, cpus, memoryBytes } = await engine.host().catch((error: unknown) => {
    throw new SandboxUnavailable('no Docker daemon answers', { cause: error });
  });
  const runtime = wanted ?? standard;
  const path = paths.get(runtime);
  if (path === undefined)
    throw new SandboxUnavailable(`Docker has no runtime ${runtime}; it has ${[...paths.keys()].join(', ')}`);
  const fit = (limits: RunLimits) => fitToMachine(limits, { cpus, memoryBytes });
  return { runtime, gvisor: /runsc/.test(`${runtime} ${path}`), fit };
}

function fitOrNothing(limits: RunLimits, fit: Place['fit']): RunLimits | undefined {
  try {
    return fit(limits);
  } catch {
    return undefined;
  }
}
