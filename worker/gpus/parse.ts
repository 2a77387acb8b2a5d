/** A row of `nvidia-smi --query-gpu=index,uuid,name,memory.total,driver_version,mig.mode.current`. */
export interface ListedGpu {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly memoryMiB: number | undefined;
  readonly driver: string | undefined;
  readonly mig: boolean;
}

export interface ListedMig {
  readonly uuid: string;
  /** Of the device that it is a part of. */
  readonly parent: string;
  /** Such as 3g.20gb. */
  readonly profile: string;
  readonly memoryMiB: number | undefined;
}

export interface GpuList {
  readonly gpus: readonly ListedGpu[];
  /** What it said of devices that it can't list. */
  readonly complaints: readonly string[];
}

export const listQuery = [
  '--query-gpu=index,uuid,name,memory.total,driver_version,mig.mode.current',
  '--format=csv,noheader,nounits',
] as const;

const gpuUuid = /^GPU-[0-9a-f-]{8,}$/i;
const migUuid = /^MIG-[0-9A-Za-z/-]{8,}$/;

/** Takes the lines that are rows; all else that was said is a complaint. */
export function parseGpuList(text: string): GpuList {
  const gpus: ListedGpu[] = [];
  const complaints: string[] = [];
  for (const line of linesOf(text)) {
    const [index = '', uuid = '', name = '', memory = '', driver = '', mig = '', ...more] = cellsOf(line);
    if (!/^\d{1,3}$/.test(index) || !gpuUuid.test(uuid) || mig === '' || more.length > 0) {
      if (line !== 'No devices were found') complaints.push(line.slice(0, 300));
      continue;
    }
    if (brokenCell(memory) !== undefined) {
      complaints.push(`GPU ${index} (${uuid}): ${memory}`);
      continue;
    }
    gpus.push({
      index: Number(index),
      uuid,
      name,
      memoryMiB: numberIn(memory),
      driver: /^\d[\d.]*$/.test(driver) ? driver : undefined,
      mig: mig === 'Enabled',
    });
  }
  return { gpus, complaints };
}

/** The MIG instances of `nvidia-smi -L`, which indents them beneath their device. */
export function parseMigList(text: string): ListedMig[] {
  const migs: ListedMig[] = [];
  let parent: string | undefined;
  for (const line of linesOf(text)) {
    const device = /^GPU \d+: .*\(UUID: ([^)]+)\)$/.exec(line)?.[1];
    if (device !== undefined) parent = gpuUuid.test(device) ? device : undefined;
    const [, profile, uuid] = /^MIG (\S+)\s+Device\s+\d+:\s+\(UUID: ([^)]+)\)$/.exec(line) ?? [];
    if (parent === undefined || profile === undefined || uuid === undefined || !migUuid.test(uuid)) continue;
    migs.push({ uuid, parent, profile, memoryMiB: memoryOfProfile(profile) });
  }
  return migs;
}

/** The number in a cell; undefined for [N/A], [Not Supported] and whatever else is none. */
export function numberIn(cell: string): number | undefined {
  return /^\d{1,9}(\.\d{1,6})?$/.test(cell) ? Number(cell) : undefined;
}

/** What a cell says where the driver lost its device. `[N/A]` and `[Not Supported]` only say that there is no such figure. */
export function brokenCell(cell: string): string | undefined {
  return /ERR!|lost|unknown error|reset required|requires reset|insufficient permissions/i.test(cell)
    ? cell
    : undefined;
}

export function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim());
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** `3g.20gb`, `1g.10gb+me`, `1c.3g.40gb`. */
function memoryOfProfile(profile: string): number | undefined {
  const gigabytes = /\.(\d{1,4})gb/.exec(profile)?.[1];
  return gigabytes === undefined ? undefined : Number(gigabytes) * 1024;
}
