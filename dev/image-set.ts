import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from './debian.ts';
import { openDockerApi, type DockerApi } from './docker-api.ts';
import { findDaemon } from './docker-daemon.ts';
import { ensureBase, tryPull } from './image-base.ts';
import { buildImage, findBuilt, tagOf, type Recipe } from './image-build.ts';
import { inspectOnce } from './image-book.ts';
import type { FitImage } from '../prisma/register-images.ts';
import { withLock } from './lock.ts';

const runner = ['runner/topk-run', 'runner/*.py'] as const;

const python: Recipe = { name: 'python', inputs: ['python/Dockerfile', ...runner], takes: 'a few minutes' };
const scorer: Recipe = { name: 'scorer', inputs: ['scorer/Dockerfile', ...runner, 'scorer/*.py'], takes: 'a minute' };
const pythonCuda: Recipe = {
  name: 'python-cuda',
  inputs: ['python-cuda/Dockerfile', ...runner],
  takes: 'many minutes',
};
/** The base that its Dockerfile names. */
const cudaBase = 'docker.io/pytorch/pytorch:2.6.0-cuda12.6-cudnn9-runtime';

/**
 * The images that code and metrics run in: built where their inputs changed, inspected, and left at the daemon.
 * @param cuda also the one for GPUs, which needs a base from a registry
 * @throws where one can't be built, or does not pass its inspection
 */
export async function buildImages(
  host: string,
  say: (line: string) => void,
  { cuda = false }: { cuda?: boolean } = {},
): Promise<FitImage[]> {
  const docker = openDockerApi(host);
  await mkdir(cacheDir(), { recursive: true, mode: 0o700 });
  // Two that start at once would build the same twice.
  return await withLock(join(cacheDir(), 'images.lock'), async () => {
    const images: FitImage[] = [];
    for (const recipe of [scorer, python]) {
      images.push(await ensureImage(docker, recipe, () => ensureBase(docker, say), say));
    }
    if (cuda) images.push(await ensureImage(docker, pythonCuda, () => ensureCudaBase(docker, say), say));
    return images;
  });
}

/** What a daemon has of one of our images. */
export type OwnImage =
  | { name: string; state: 'missing' }
  /** `problems`: why it may not run code, a sentence each. */
  | { name: string; state: 'unfit'; problems: string[] }
  /** `current`: it was made of what lies in grader-images/ now. */
  | { name: string; state: 'fit'; digest: string; bytes: number; current: boolean };

/** Each of them as it is there, inspected; for a start that must not wait for a build. */
export async function lookAtImages(host: string): Promise<OwnImage[]> {
  const docker = openDockerApi(host);
  const images: OwnImage[] = [];
  for (const recipe of [scorer, python, pythonCuda]) images.push(await lookAtImage(docker, recipe));
  return images;
}

async function lookAtImage(docker: DockerApi, recipe: Recipe): Promise<OwnImage> {
  const { name } = recipe;
  if ((await docker.find(`/images/${tagOf(name)}/json`)) === undefined) return { name, state: 'missing' };
  const { digest, bytes, problems } = await inspectOnce(docker, tagOf(name));
  if (problems.length > 0) return { name, state: 'unfit', problems };
  return { name, state: 'fit', digest, bytes, current: (await findBuilt(docker, recipe)) !== undefined };
}

/** Those that may run code. */
export async function findImages(host: string): Promise<FitImage[]> {
  return fitImages(await lookAtImages(host));
}

export function fitImages(images: readonly OwnImage[]): FitImage[] {
  return images.flatMap((image) =>
    image.state === 'fit' ? [{ name: image.name, digest: image.digest, bytes: image.bytes }] : [],
  );
}

/**
 * What is amiss with the images, a sentence each with its remedy.
 * @param withGpu whether the one for GPUs is missed too
 */
export function problemsOfImages(images: readonly OwnImage[], withGpu: boolean): { detail: string; remedy: string }[] {
  return images.flatMap((image) => {
    const tag = tagOf(image.name);
    const isForGpus = image.name === pythonCuda.name;
    const build = isForGpus ? 'npm run images -- --cuda' : 'npm run images';
    if (image.state === 'missing')
      return isForGpus && !withGpu ? [] : [{ detail: `the image ${tag} is not built yet`, remedy: build }];
    if (image.state === 'unfit')
      return [
        {
          detail: `the image ${tag} may not run code: ${image.problems.join('; ')}`,
          remedy: `docker rmi ${tag} && ${build}`,
        },
      ];
    return image.current
      ? []
      : [{ detail: `the image ${tag} was built from what grader-images/ held before`, remedy: build }];
  });
}

/** Whether the daemon can hand GPUs to containers, so that building for them makes sense. */
export async function hasGpuRuntime(host: string): Promise<boolean> {
  const daemon = await findDaemon(host);
  return daemon !== undefined && 'nvidia' in daemon.Runtimes;
}

/**
 * An image of an instructor's own, under the name that phases will use.
 * @throws each sentence of why it may not run code
 */
export async function inspectOwnImage(host: string, name: string, reference: string): Promise<FitImage> {
  const docker = openDockerApi(host);
  if ((await docker.find(`/images/${encodeURIComponent(reference)}/json`)) === undefined) {
    const refusal = await tryPull(docker, /:[^/]+$/.test(reference) ? reference : `${reference}:latest`);
    if (refusal !== undefined)
      throw new Error(`there is no image ${reference} here, and it can't be pulled (${refusal})`);
  }
  const { digest, bytes, problems } = await inspectOnce(docker, reference);
  refuse(reference, problems);
  return { name, digest, bytes };
}

async function ensureImage(
  docker: DockerApi,
  recipe: Recipe,
  base: () => Promise<string>,
  say: (line: string) => void,
): Promise<FitImage> {
  if ((await findBuilt(docker, recipe)) === undefined) {
    const on = await base();
    const began = Date.now();
    const seconds = () => Math.round((Date.now() - began) / 1000);
    say(`building ${tagOf(recipe.name)} (${recipe.takes} the first time)`);
    const heartbeat = setInterval(() => say(`still building ${tagOf(recipe.name)} (${seconds()} s)`), 20_000);
    await buildImage(docker, recipe, on).finally(() => clearInterval(heartbeat));
    say(`built ${tagOf(recipe.name)} (${seconds()} s)`);
  }
  const { digest, bytes, problems } = await inspectOnce(docker, tagOf(recipe.name));
  refuse(tagOf(recipe.name), problems);
  return { name: recipe.name, digest, bytes };
}

async function ensureCudaBase(docker: DockerApi, say: (line: string) => void): Promise<string> {
  say(`pulling ${cudaBase}`);
  const refusal = await tryPull(docker, cudaBase, 1_800_000);
  if (refusal === undefined) return cudaBase;
  throw new Error(`topk-python-cuda needs the base ${cudaBase}, which can't be pulled: ${refusal}`);
}

function refuse(image: string, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new Error(`${image} may not run code:\n${problems.map((one) => `  - ${one}`).join('\n')}`);
}
