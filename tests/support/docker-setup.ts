import type { TestProject } from 'vitest/node';
import { z } from 'zod';
import { openDockerApi } from '../../dev/docker-api.ts';
import { findDaemon } from '../../dev/docker-daemon.ts';
import { findImages } from '../../dev/image-set.ts';

/** The Docker daemon of a test run. */
export type TestDocker = {
  /** As in DOCKER_HOST. */
  host: string;
  /** Image → digest: python, scorer, where they are built. */
  images: Record<string, string>;
  /** The names of the runtimes that the daemon has: runc, runsc. */
  runtimes: string[];
};

declare module 'vitest' {
  interface ProvidedContext {
    /** Or why there is none. */
    docker: TestDocker | string;
  }
}

/** What `npm test` found or started, by TOPK_TEST_DOCKER; it has said why when there is none. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('docker', await find());
}

async function find(): Promise<TestDocker | string> {
  const host = process.env['TOPK_TEST_DOCKER'];
  if (!host) return 'TOPK_TEST_DOCKER is not set';
  const daemon = await findDaemon(host);
  if (daemon === undefined) return `no Docker daemon answers at ${host}`;
  const images = await findImages(host);
  if (!('runsc' in daemon.Runtimes))
    console.log('the tests with gVisor are left out: the Docker daemon has no runtime runsc');
  return {
    host,
    images: Object.fromEntries(images.map(({ name, digest }) => [name, digest])),
    runtimes: Object.keys(daemon.Runtimes),
  };
}

/** The installations of tests: a database of their own, or a name that says what they test. */
const ofTests = /^(test_|conform-|hostile-|lane-|metric-|neighbours-|runner-|notebook-|programs-)/;

/** A worker leaves its input sets for the next one of its installation, which for a test never comes. */
export async function teardown(): Promise<void> {
  const host = process.env['TOPK_TEST_DOCKER'];
  if (!host) return;
  const docker = openDockerApi(host);
  const filters = encodeURIComponent(JSON.stringify({ label: ['topk.kind=inputs'] }));
  const found = z.array(Held).parse(await docker.find(`/containers/json?all=1&filters=${filters}`));
  for (const { Id, Names, Labels } of found) {
    if (!ofTests.test(Labels['topk.installation'] ?? '')) continue;
    const volume = (Names[0] ?? '').replace(/^\//, '').replace(/-filling$/, '');
    // Another run of the tests beside this one may be reading it.
    const mounts = encodeURIComponent(JSON.stringify({ volume: [volume] }));
    if (z.array(Held).parse(await docker.find(`/containers/json?all=1&filters=${mounts}`)).length > 1) continue;
    await docker.call('DELETE', `/containers/${Id}?force=true`).catch(() => undefined);
    await docker.call('DELETE', `/volumes/${volume}`).catch(() => undefined);
  }
}

const Held = z.object({ Id: z.string(), Names: z.array(z.string()), Labels: z.record(z.string(), z.string()) });
