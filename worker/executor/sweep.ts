import type { Engine, Found } from './docker.ts';
import { isOverdue, labelOf, type Owner } from './labels.ts';

type IsAlive = (labels: Readonly<Record<string, string>>) => Promise<boolean>;

/**
 * Removes containers and volumes of runs whose worker is gone, or that outlived their deadline, and what this worker's earlier lives left.
 * Looks only at what carries this installation's label.
 * @param mine names under which this session's own were made that are still of use
 * @returns how many containers and volumes were removed
 */
export async function sweepRuns(
  engine: Engine,
  owner: Owner,
  mine: ReadonlySet<string>,
  isAlive: IsAlive,
): Promise<number> {
  const label = `${labelOf.installation}=${owner.installation}`;
  let removed = 0;
  for (const { id } of await left(await engine.listContainers({ label }))) {
    await engine.remove(id);
    removed += 1;
  }
  for (const { name } of await left(await engine.listVolumes(label))) {
    if (await engine.removeVolume(name)) removed += 1;
  }
  return removed;

  async function left(found: readonly Found[]): Promise<Found[]> {
    const result: Found[] = [];
    for (const thing of found) {
      if (thing.labels[labelOf.kind] === 'run' && (await isLeft(thing.labels))) result.push(thing);
    }
    return result;
  }

  async function isLeft(labels: Readonly<Record<string, string>>): Promise<boolean> {
    if (labels[labelOf.session] === owner.session) return !mine.has(labels[labelOf.shell] ?? '');
    if (labels[labelOf.worker] === owner.worker || isOverdue(labels, new Date())) return true;
    return !(await isAlive(labels));
  }
}
