import type { Smi } from './nvidia-smi.ts';
import { listQuery, parseGpuList, parseMigList, type GpuList, type ListedGpu, type ListedMig } from './parse.ts';

/** A device that runs can have to themselves: a whole GPU or a MIG instance of one. */
export interface Gpu {
  /** GPU-… or MIG-…: unlike the index it stays the same when a device is lost or the host restarts. */
  readonly id: string;
  readonly name: string;
  readonly memoryMiB: number | undefined;
  readonly driver: string | undefined;
  /** The GPU that a MIG instance is a part of. */
  readonly parent?: string;
}

/** `all`: whatever the driver lists; else indices, GPU-… and MIG-… as in WORKER_GPUS. */
export type WantedGpus = 'none' | 'all' | readonly string[];

export interface Detection {
  readonly gpus: readonly Gpu[];
  /** What was wanted and isn't there, and what the driver complained of; sentences for staff. */
  readonly problems: readonly string[];
}

/**
 * Reads WORKER_GPUS.
 * @throws an error that says what may stand there
 */
export function parseWantedGpus(text: string): WantedGpus {
  const wanted = text.trim();
  if (wanted === 'none' || wanted === '') return 'none';
  if (wanted === 'all' || wanted === 'detect') return 'all';
  const names = wanted.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !/^(\d{1,3}|GPU-[0-9a-f-]{8,}|MIG-[0-9A-Za-z/-]{8,})$/i.test(name));
  if (wrong !== undefined)
    throw new Error(
      `${JSON.stringify(wrong)} is no GPU: write indices (0,1), UUIDs (GPU-… or MIG-…, see nvidia-smi -L), all, or none`,
    );
  return [...new Set(names)];
}

/** Never rejects: where the driver is missing or broken there are no GPUs, and a problem unless that is as wanted. */
export async function detectGpus(smi: Smi, wanted: WantedGpus): Promise<Detection> {
  if (wanted === 'none') return { gpus: [], problems: [] };
  const listed = await listGpus(smi);
  if (listed === undefined)
    return { gpus: [], problems: wanted === 'all' ? [] : ['WORKER_GPUS names GPUs, but there is no nvidia-smi here'] };
  const instances = listed.gpus.some((gpu) => gpu.mig) ? await listMigs(smi) : { migs: [], problems: [] };
  const problems = [...listed.complaints, ...instances.problems];
  const devicesOf = (gpu: ListedGpu): Gpu[] =>
    gpu.mig ? instances.migs.filter((mig) => mig.parent === gpu.uuid).map((mig) => migDevice(mig, gpu)) : [device(gpu)];
  if (wanted === 'all') return { gpus: listed.gpus.flatMap(devicesOf), problems };
  const chosen = new Map<string, Gpu>();
  for (const name of wanted) {
    const gpu = listed.gpus.find(({ index, uuid }) => String(index) === name || same(uuid, name));
    const mig = instances.migs.find(({ uuid }) => same(uuid, name));
    const parent = listed.gpus.find(({ uuid }) => uuid === mig?.parent);
    // Once MIG is on, the whole device can't be used: its name then means all of its instances.
    const found = gpu ? devicesOf(gpu) : mig && parent ? [migDevice(mig, parent)] : [];
    for (const entry of found) chosen.set(entry.id, entry);
    if (found.length === 0) problems.push(notFound(name, gpu, listed.gpus));
  }
  return { gpus: [...chosen.values()], problems };
}

function notFound(name: string, gpu: ListedGpu | undefined, gpus: readonly ListedGpu[]): string {
  if (gpu) return `WORKER_GPUS names ${name}, which has MIG on but no instances`;
  const there = gpus.map(({ index, uuid }) => `${index} (${uuid})`).join(', ');
  return `WORKER_GPUS names ${name}, which the driver does not list; it lists ${there === '' ? 'none' : there}`;
}

/** Undefined: there is no nvidia-smi, so this is no GPU host. */
async function listGpus(smi: Smi): Promise<GpuList | undefined> {
  const answer = await smi(listQuery);
  if (answer.kind === 'missing') return undefined;
  const { gpus, complaints } = parseGpuList(answer.text);
  // "No devices were found" comes with an exit code of its own, and is no trouble.
  if (answer.kind === 'answered' || (complaints.length === 0 && gpus.length === 0 && answer.text.trim() !== ''))
    return { gpus, complaints };
  return { gpus, complaints: complaints.length > 0 ? complaints : [answer.reason] };
}

async function listMigs(smi: Smi): Promise<{ migs: ListedMig[]; problems: string[] }> {
  const answer = await smi(['-L']);
  if (answer.kind === 'missing') return { migs: [], problems: ['nvidia-smi is gone'] };
  return { migs: parseMigList(answer.text), problems: answer.kind === 'failed' ? [answer.reason] : [] };
}

function device({ uuid, name, memoryMiB, driver }: ListedGpu): Gpu {
  return { id: uuid, name, memoryMiB, driver };
}

function migDevice(mig: ListedMig, parent: ListedGpu): Gpu {
  return {
    id: mig.uuid,
    name: `${parent.name} MIG ${mig.profile}`,
    memoryMiB: mig.memoryMiB,
    driver: parent.driver,
    parent: parent.uuid,
  };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
