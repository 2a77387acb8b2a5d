import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openDockerApi, type DockerApi } from '../../dev/docker-api.ts';

/** Looks on while programs run: whether the daemon answers, and what there is of the worker's. */
export interface HostWatch {
  /** How soon the daemon, and this process, the worker, answer now; each the best of a few, since tests run beside. */
  answers(): Promise<{ readonly pingMs: number; readonly loopMs: number }>;
  /** Containers, volumes, mounts and processes of the worker's runs that are there now, one line each. */
  left(): Promise<string[]>;
  /** @throws where the daemon has left a question without an answer */
  stop(): Promise<void>;
}

const Container = z.object({ Id: z.string(), Names: z.array(z.string()), State: z.string() });
const Volumes = z.object({ Volumes: z.array(z.object({ Name: z.string() })).nullable() });

/** @param labels what the worker puts on all that it makes for runs, each as `name=value` */
export function watchHost(host: string, labels: readonly string[]): HostWatch {
  const api = openDockerApi(host);
  const seen = new Set<string>();
  let stopped = false;

  const watching = (async () => {
    while (!stopped) {
      await api.find('/_ping');
      for (const { Id } of await containers(api, labels)) seen.add(Id);
      for (const name of await volumes(api, labels)) seen.add(name);
      await sleep(200);
    }
  })();
  // It is awaited at the end; until then nobody may be told that nobody listens.
  watching.catch(() => undefined);

  return {
    answers: async () => ({
      pingMs: await quickest(async () => await api.find('/_ping')),
      loopMs: await quickest(async () => await sleep(1)),
    }),
    left: async () => [
      ...(await containers(api, labels)).map(({ Names, State }) => `container ${Names.join(' ')} (${State})`),
      ...(await volumes(api, labels)).map((name) => `volume ${name}`),
      ...(await mentions(seen)),
    ],
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
}

async function quickest(act: () => Promise<unknown>): Promise<number> {
  let bestMs = Infinity;
  for (let turn = 0; turn < 10; turn += 1) {
    const began = performance.now();
    await act();
    bestMs = Math.min(bestMs, performance.now() - began);
  }
  return bestMs;
}

async function containers(api: DockerApi, label: readonly string[]): Promise<z.infer<typeof Container>[]> {
  const filters = encodeURIComponent(JSON.stringify({ label }));
  return z.array(Container).parse(await api.find(`/containers/json?all=1&filters=${filters}`));
}

async function volumes(api: DockerApi, label: readonly string[]): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label }));
  const { Volumes: found } = Volumes.parse(await api.find(`/volumes?filters=${filters}`));
  return (found ?? []).map(({ Name }) => Name);
}

/** Mounts and processes of this machine that belong to containers and volumes seen before; none where the daemon is elsewhere. */
async function mentions(seen: ReadonlySet<string>): Promise<string[]> {
  const isSeen = (text: string) => [...seen].some((id) => text.includes(id));
  const found: string[] = [];
  for (const line of (await readFile('/proc/self/mounts', 'utf8')).split('\n'))
    if (isSeen(line)) found.push(`mount ${line}`);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const text = async (name: string) => await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    if (isSeen(await text('cgroup')) || isSeen(await text('cmdline')))
      found.push(`process ${pid} ${await text('cmdline')}`);
  }
  return found;
}
