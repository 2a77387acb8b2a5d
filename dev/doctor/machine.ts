import { mkdir, statfs, writeFile, rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Finding } from './finding.ts';

const gibibyte = 2 ** 30;

export async function lookAtMachine(dataDir: string): Promise<Finding[]> {
  const memory = totalmem() / gibibyte;
  return [
    { name: 'Node', state: 'ok', detail: process.version },
    {
      name: 'machine',
      state: memory < 2 ? 'warn' : 'ok',
      detail: `${availableParallelism()} cores, ${memory.toFixed(1)} GiB`,
      ...(memory < 2 && { remedy: 'give it 4 GiB at least: servers and one training run need that' }),
    },
    await lookAtDataFolder(dataDir),
  ];
}

async function lookAtDataFolder(dataDir: string): Promise<Finding> {
  const probe = join(dataDir, `doctor-${process.pid}`);
  await mkdir(dataDir, { recursive: true });
  await writeFile(probe, '');
  await rm(probe);
  const disk = await statfs(dataDir);
  return judgeDisk('disk of the data', dataDir, disk.bavail * disk.bsize, 5 * gibibyte);
}

/** Fails below a fifth of what is comfortable. */
export function judgeDisk(name: string, path: string, freeBytes: number, comfortableBytes: number): Finding {
  const detail = `${(freeBytes / gibibyte).toFixed(1)} GiB free at ${path}`;
  if (freeBytes >= comfortableBytes) return { name, state: 'ok', detail };
  return {
    name,
    state: freeBytes < comfortableBytes / 5 ? 'fail' : 'warn',
    detail,
    remedy: `free some space, or move it to a larger disk: ${comfortableBytes / gibibyte} GiB are comfortable`,
  };
}
