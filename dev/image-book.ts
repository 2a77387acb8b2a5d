import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheDir } from './debian.ts';
import type { DockerApi } from './docker-api.ts';
import { inspectImage, type Inspection } from './image-inspect.ts';

/** Raised when the inspection learns to see more. */
const version = 1;

const Entry = z.object({ digest: z.string(), bytes: z.number(), problems: z.array(z.string()) });

/**
 * As `inspectImage`, but what was found of a digest is written down: reading through gigabytes takes seconds, and what a
 * digest names never changes.
 */
export async function inspectOnce(docker: DockerApi, name: string): Promise<Inspection> {
  const found = await docker.find(`/images/${encodeURIComponent(name)}/json`);
  const digest = z.object({ Id: z.string() }).optional().parse(found)?.Id;
  if (digest === undefined) throw new Error(`there is no image ${name}: build or pull it first`);
  const folder = join(cacheDir(), 'inspected');
  const path = join(folder, `${digest.replace('sha256:', '')}.${version}.json`);
  const known = parseEntry(await readFile(path, 'utf8').catch(() => ''));
  if (known !== undefined) return known;
  const inspection = await inspectImage(docker, digest);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${path}.${process.pid}`, JSON.stringify(inspection));
  await rename(`${path}.${process.pid}`, path);
  return inspection;
}

function parseEntry(text: string): Inspection | undefined {
  try {
    return Entry.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
