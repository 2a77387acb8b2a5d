import type { z } from 'zod';
import type { addPhase } from '../../core/contract/competitions.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import type { RunSettingsEdit } from '../../core/contract/run-settings-edit.ts';
import { RunLimits, RunSettings, type SubmissionKind } from '../../core/contract/runs.ts';
import type { PrismaClient } from '../../core/db/generated/client.ts';
import type { FullPhase } from './cache.ts';
import { refuse } from './refuse.ts';

type Input = Pick<z.output<typeof addPhase.schema.body>, 'accepts' | 'runSettings'>;

/** How a phase runs code; undefined where it takes none and never did. */
export function runSettingsOf({ runSettings }: Pick<FullPhase, 'runSettings'>): RunSettings | undefined {
  return runSettings === null ? undefined : RunSettings.parse(runSettings);
}

export function acceptsCode(accepts: readonly SubmissionKind[]): boolean {
  return accepts.some((kind) => kind !== 'predictions');
}

/**
 * The phase's columns that say what it takes and how it runs it, with what was given put into what is there.
 * @param before the phase, where there is one already
 * @throws validation-failed, a sentence for each setting that makes no sense
 */
export async function codeData(
  prisma: PrismaClient,
  { accepts: given, runSettings: edit }: Input,
  before: Pick<FullPhase, 'accepts' | 'runSettings'> = { accepts: ['predictions'], runSettings: null },
) {
  if (given === undefined && edit === undefined) return {};
  const accepts = given ?? before.accepts;
  if (!acceptsCode(accepts)) {
    if (edit !== undefined)
      refuse([{ path: 'body.runSettings', message: 'needs a phase that accepts code or notebook' }]);
    return { accepts };
  }
  const settings = runSettingsOf(before);
  const limits = fitted(settings?.limits ?? RunLimits.parse({}), edit?.limits ?? {});
  const runSettings = RunSettings.parse({ ...settings, ...edit, limits });
  refuse([...faults(runSettings), ...(await imageFault(prisma, runSettings.image))]);
  return { accepts, runSettings };
}

/** What counts as memory. */
const partsOfMemory = ['shmMiB', 'tmpMiB', 'outputMiB'] as const;

/**
 * The limits with what was given, and each part of the memory that nobody chose fitted to it: half of it, at most the default.
 * A part counts as chosen where it is given, or is not what it would be by itself.
 */
function fitted(before: RunLimits, given: NonNullable<RunSettingsEdit['limits']>): RunLimits {
  const limits = RunLimits.parse({ ...before, ...given });
  for (const part of partsOfMemory) {
    const isChosen = part in given || before[part] !== byItself(part, before.memoryMiB);
    if (!isChosen) limits[part] = byItself(part, limits.memoryMiB);
  }
  return limits;
}

function byItself(part: (typeof partsOfMemory)[number], memoryMiB: number): number {
  return Math.min(RunLimits.shape[part].parse(undefined), Math.floor(memoryMiB / 2));
}

function faults({ limits, cellSeconds, command }: RunSettings): ProblemItem[] {
  const errors: ProblemItem[] = [];
  for (const name of partsOfMemory) {
    if (limits[name] > limits.memoryMiB)
      errors.push({
        path: `body.runSettings.limits.${name}`,
        message: `is ${limits[name]} and counts as memory, of which there are ${limits.memoryMiB}: lower it, or raise memoryMiB`,
      });
  }
  if (cellSeconds !== null && cellSeconds > limits.wallSeconds)
    errors.push({
      path: 'body.runSettings.cellSeconds',
      message: `is ${cellSeconds}, longer than the whole run with its ${limits.wallSeconds} s`,
    });
  if (command[0]?.trim() === '')
    errors.push({ path: 'body.runSettings.command', message: 'begins with nothing; name a program, such as python3' });
  return errors;
}

/** Images that `npm run images` makes: one may be chosen before it is there. */
const known = ['python', 'python-cuda'];
/** It is for custom metrics; students' code and labels never share a container, nor its image. */
const notForCode = 'scorer';

async function imageFault(prisma: PrismaClient, name: string): Promise<ProblemItem[]> {
  const registered = await prisma.graderImage.findMany({ distinct: ['name'], select: { name: true } });
  const names = new Set([...known, ...registered.map((image) => image.name)]);
  names.delete(notForCode);
  if (names.has(name)) return [];
  const choice = [...names].sort().join(', ');
  return [
    { path: 'body.runSettings.image', message: `is "${name}", which no image here is called; there are ${choice}` },
  ];
}
