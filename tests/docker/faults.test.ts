import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDockerApi, type DockerApi } from '../../dev/docker-api.ts';
import { daemonPaths, startDaemon, stopDaemon } from '../../dev/docker-daemon.ts';
import { onPath } from '../../dev/docker-install.ts';
import { acceptCode, readRuns } from '../support/code.ts';
import { openDockerGate, type DockerGate } from '../support/docker-gate.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { makeInstallation, type Installation } from '../support/installation.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { inState } from '../support/truth.ts';

/** Right on half of the rows, after a while. */
const program = (seconds: number) => `
import time
print("begun", flush=True)
time.sleep(${seconds})
open("predictions.csv", "w").write(${JSON.stringify(tinyPredictions)})
`;
const limits = { wallSeconds: 120, memoryMiB: 256, tmpMiB: 16, shmMiB: 16, outputMiB: 8 };
const patienceMs = 180_000;
const isRoot = process.getuid?.() === 0;

describeImage('scorer')('code, with a real sandbox that breaks', () => {
  let site: Installation;
  let course: TestCourse;
  const name = `faults-${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    site = await makeInstallation();
    await site.startApi();
    course = await makeCourse(site, { students: 4 });
  });
  afterEach(async () => await site.killWorkers());
  afterAll(async () => {
    await site.remove();
    for (const { Id } of await containersOf(openDockerApi(docker().host)))
      await openDockerApi(docker().host).call('DELETE', `/containers/${Id}?force=true&v=true`);
  });

  const startWorker = async (host = docker().host, more: Record<string, string> = {}) =>
    await site.startWorker({
      SANDBOX: 'docker',
      DOCKER_HOST: host,
      WORKER_NAME: name,
      WORKER_CPU_SLOTS: '1',
      // A short one runs out where the worker has to wait for a core.
      RUN_LEASE_MS: '30000',
      SANDBOX_EVERY_MS: '500',
      HEARTBEAT_MS: '500',
      ...more,
    });

  let students = 0;
  async function submit(source: string, digest = imageDigest('scorer')): Promise<number> {
    const slug = await makeCompetition(course, { settings: { accepts: ['code'] } });
    await acceptCode(site, slug, { limits: { ...full, ...limits } }, digest);
    const student = course.students[students++ % course.students.length];
    if (student === undefined) throw new Error('no student');
    return (await student.submit(slug, source, 'main.py')).id;
  }
  const full = { cpus: 1, outputFiles: 100, logKiB: 64, processes: 32, gpus: 0 };

  const Container = z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()) });
  /** What the runs of this installation have at a daemon. */
  async function containersOf(api: DockerApi) {
    const filters = encodeURIComponent(JSON.stringify({ label: [`topk.worker=${name}`] }));
    return z.array(Container).parse(await api.find(`/containers/json?all=1&filters=${filters}`));
  }
  async function volumesOf(api: DockerApi): Promise<number> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`topk.worker=${name}`, 'topk.kind=run'] }));
    const Volumes = z.object({ Volumes: z.array(z.unknown()).nullable() });
    return Volumes.parse(await api.find(`/volumes?filters=${filters}`)).Volumes?.length ?? 0;
  }

  it.each(['started', 'exited'] as const)(
    'ends once where its worker is killed when the program has %s',
    async (stage) => {
      const id = await submit(program(stage === 'started' ? 2 : 0));
      const victim = await startWorker(docker().host, { RUN_LEASE_MS: '5000' });
      await until(`it has ${stage}`, patienceMs, async () => (await readRuns(site.db, id)).at(-1)?.[stage]);
      await victim.kill();
      const heir = await startWorker();
      await expectScoredOnce(id);
      await heir.stop();
      await expectNothingLeft();
    },
  );

  async function expectScoredOnce(id: number): Promise<void> {
    const row = await inState(site.db.pool, id, 'scored', patienceMs);
    expect(row.attempt).toBeLessThanOrEqual(2);
    const runs = await readRuns(site.db, id);
    expect(runs.filter(({ scored }) => scored)).toHaveLength(1);
  }

  /** No container, volume or network, nor a file. */
  async function expectNothingLeft(host = docker().host): Promise<void> {
    const api = openDockerApi(host);
    const containers = (await containersOf(api)).filter(({ Labels }) => Labels['topk.kind'] === 'run');
    const filters = encodeURIComponent(JSON.stringify({ type: ['custom'] }));
    const networks = z.array(z.object({ Name: z.string() })).parse(await api.find(`/networks?filters=${filters}`));
    expect({
      containers: containers.length,
      volumes: await volumesOf(api),
      networks: networks.filter(({ Name }) => Name.includes(name)),
      files: scratchOf(site.dataDir),
    }).toEqual({ containers: 0, volumes: 0, networks: [], files: [] });
  }

  describe('and a daemon that can get stuck', () => {
    let gate: DockerGate;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'topk-gate-'));
      gate = await openDockerGate(docker().host.slice('unix://'.length), join(folder, 'docker.sock'));
    });
    afterAll(async () => {
      await gate.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each([
      ['its container is being made', /^POST \S*\/containers\/create/, false],
      ['its container is being started', /^POST \S*\/containers\/[^/]+\/start/, false],
      ['its container is given its name', /^POST \S*\/containers\/[^/]+\/rename/, false],
      ['it is looked at after its end', /^GET \S*\/containers\/[^/]+\/json/, true],
      ['its containers are being removed', /^DELETE \S*\/containers\//, true],
    ])('ends once where its worker is killed while %s', async (_when, call, isRunning) => {
      const id = await submit(program(isRunning ? 2 : 0));
      const early = isRunning ? undefined : gate.holdNext(call);
      const victim = await startWorker(gate.host, { RUN_LEASE_MS: '5000' });
      if (isRunning)
        await until('it has started', patienceMs, async () => (await readRuns(site.db, id)).at(-1)?.started);
      await (early ?? gate.holdNext(call));
      await victim.kill();
      const heir = await startWorker();
      await expectScoredOnce(id);
      await heir.stop();
      await expectNothingLeft();
    });

    it('is tried again, and ends once, where a container is stuck in its making', async () => {
      const id = await submit(program(0));
      const stuck = gate.holdNext(/^POST \S*\/containers\/create/);
      const worker = await startWorker(gate.host);
      await stuck;
      await expectScoredOnce(id);
      await worker.stop();
      await expectNothingLeft();
    });
  });

  it('has failed, and says why to staff, where its image is not there', async () => {
    const id = await submit(program(0), `sha256:${'0'.repeat(64)}`);
    const worker = await startWorker();
    await inState(site.db.pool, id, 'failed', patienceMs);
    const { body } = await course.ta.call(`GET /submissions/${id}`);
    expect(z.object({ fault: z.string() }).parse(body).fault).toMatch(/no such image/i);
    await worker.stop();
    await expectNothingLeft();
  });

  it.skipIf(!isRoot || !canMount())(
    'has failed, at no cost, where the disk is full, and runs when there is room',
    async () => {
      const folder = join(site.dataDir, 'scratch');
      mkdirSync(folder, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', folder]);
      const wide = tinyPredictions.replaceAll('\n', `,${'x'.repeat(9000)}\n`);
      const id = await submit(program(0).replace(JSON.stringify(tinyPredictions), JSON.stringify(wide)));
      try {
        await startWorker();
        await inState(site.db.pool, id, 'failed', patienceMs);
      } finally {
        await site.killWorkers();
        execFileSync('umount', [folder]);
      }
      const worker = await startWorker();
      expect((await course.ta.call(`POST /submissions/${id}/rerun`)).status).toBe(202);
      await inState(site.db.pool, id, 'scored', patienceMs);
      await worker.stop();
      await expectNothingLeft();
    },
  );

  describe.skipIf(!isRoot || !onPath('dockerd'))('on a daemon of its own', () => {
    const cache = mkdtempSync(join(tmpdir(), 'tkd-'));
    const dir = join(cache, 'd');
    afterAll(async () => {
      await stopDaemon(dir);
      rmSync(cache, { recursive: true, force: true });
    });

    it('runs again, and ends once, where the daemon is stopped in its midst', { timeout: 1_200_000 }, async () => {
      const host = `unix://${daemonPaths(dir).socket}`;
      await startDaemon(dir);
      const image = await openDockerApi(docker().host).stream('/images/topk-scorer/get');
      await openDockerApi(host).send('/images/load', Readable.from(image), () => {}, 300_000);
      const id = await submit(program(10));
      const worker = await startWorker(host);
      await until('it has started', patienceMs, async () => (await readRuns(site.db, id)).at(-1)?.started);
      await stopDaemon(dir);
      await startDaemon(dir);
      await inState(site.db.pool, id, 'scored', patienceMs);
      const runs = await readRuns(site.db, id);
      expect(runs.map(({ ending }) => ending)).toEqual(['broken', 'exited']);
      await worker.stop();
      await expectNothingLeft(host);
    });
  });
});

function scratchOf(dataDir: string): string[] {
  const folder = join(dataDir, 'scratch');
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'topk-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
