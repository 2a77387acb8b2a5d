import { describe, inject } from 'vitest';
import type { TestDocker } from './docker-setup.ts';

const found = inject('docker');

/** `describe` for what needs a Docker daemon; skipped where there is none. */
export const describeDocker = typeof found === 'string' ? describe.skip : describe;

/** For what needs Docker and one of the images too. */
export function describeImage(name: 'python' | 'scorer') {
  return typeof found === 'string' || !(name in found.images) ? describe.skip : describe;
}

/** @throws where there is none: ask only inside a `describeDocker` */
export function docker(): TestDocker {
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** @throws where it is not built: ask only inside a `describeImage` */
export function imageDigest(name: 'python' | 'scorer'): string {
  const digest = docker().images[name];
  if (digest === undefined) throw new Error(`topk-${name} is not built: npm run images`);
  return digest;
}

/** Whether the daemon has this OCI runtime: runc, runsc. */
export function hasRuntime(name: string): boolean {
  return typeof found !== 'string' && found.runtimes.includes(name);
}
