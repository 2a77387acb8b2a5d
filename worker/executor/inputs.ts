import { setTimeout as sleep } from 'node:timers/promises';
import { fillerOptions, places } from './cage.ts';
import { EngineError, type Engine } from './docker.ts';
import type { InputSet } from './executor.ts';
import { packFiles } from './job-tar.ts';
import { isOverdue, labelOf, labelsFor, type Owner } from './labels.ts';

/** How long filling may take, and how long others wait for it. */
const fillMs = 600_000;
/** A set that no run of this worker has read for so long is removed; another worker's next run fills it again. */
const keepMs = 7 * 24 * 3_600_000;

export type Inputs = ReturnType<typeof createInputs>;

/**
 * Volumes of input files on the daemon's disk, one for each set. The container through which a volume is filled is never started; its name says whether
 * the volume is complete, keeps a second worker from filling it too, and keeps the volume from being removed.
 */
export function createInputs(engine: Engine, owner: Owner) {
  const filling = new Map<string, Promise<void>>();
  const usedAt = new Map<string, number>();

  async function fill(set: InputSet, image: string, name: string): Promise<void> {
    const until = Date.now() + fillMs;
    while (!(await isComplete(name))) {
      if (Date.now() > until) throw new Error(`the inputs ${name} were not filled within ${fillMs} ms`);
      const labels = labelsFor(owner, 'inputs', new Date(until));
      try {
        await engine.create(`${name}-filling`, fillerOptions(image, name, labels));
      } catch (error) {
        if (!(error instanceof EngineError && error.status === 409)) throw error;
        await waitForOther(name);
        continue;
      }
      await fillHere(set, name);
    }
  }

  /** What an interrupted filling has left is written over: the files of a set never differ. */
  async function fillHere(set: InputSet, name: string): Promise<void> {
    const filler = `${name}-filling`;
    try {
      await engine.putArchive(filler, places.data, packFiles(set.files), fillMs);
      await engine.rename(filler, name);
    } catch (error) {
      await engine.remove(filler).catch(() => undefined);
      throw error;
    }
  }

  async function waitForOther(name: string): Promise<void> {
    const inputs = await engine.listContainers({ label: `${labelOf.installation}=${owner.installation}` });
    const other = inputs.find((found) => found.name === `${name}-filling`);
    if (other !== undefined && isOverdue(other.labels, new Date())) await engine.remove(other.id);
    else await sleep(200);
  }

  async function isComplete(name: string): Promise<boolean> {
    return (await engine.inspect(name)) !== undefined;
  }

  return {
    /** @returns the name of the set's volume, which is complete; it stays so while a container mounts it, which `isComplete` then proves */
    async ready(set: InputSet, image: string): Promise<string> {
      const name = `topk-data-${owner.installation}-${set.hash.slice(0, 40)}`;
      usedAt.set(name, Date.now());
      const work = filling.get(name) ?? fill(set, image, name).finally(() => filling.delete(name));
      filling.set(name, work);
      await work;
      return name;
    },

    isComplete,

    /** Removes sets that nobody has read for long, and volumes whose filler is gone. @returns how many */
    async prune(): Promise<number> {
      let removed = 0;
      for (const { name, labels } of await engine.listVolumes(`${labelOf.installation}=${owner.installation}`)) {
        if (labels[labelOf.kind] !== 'inputs' || (await engine.listContainers({ volume: name })).length > 0) continue;
        if (await engine.removeVolume(name)) removed += 1;
      }
      const mine = await engine.listContainers({ label: `${labelOf.installation}=${owner.installation}` });
      for (const { id, name, labels } of mine) {
        if (labels[labelOf.kind] !== 'inputs' || !isOverdue(labels, new Date())) continue;
        const volume = name.replace(/-filling$/, '');
        const last = usedAt.get(volume) ?? Number(labels[labelOf.deadline]) * 1000;
        if (volume === name && Date.now() - last < keepMs) continue;
        const users = await engine.listContainers({ volume });
        if (users.length > 1 || filling.has(volume)) continue;
        await engine.remove(id);
        await engine.removeVolume(volume);
        removed += 1;
      }
      return removed;
    },
  };
}
