import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Submission } from '../../core/contract/submissions.ts';
import { buildBases } from '../../dev/base-set.ts';
import { freePort } from '../../dev/ports.ts';
import { createClient, type Client } from '../support/client.ts';
import { hourMs, tinyKey, tinyPredictions } from '../support/competitions.ts';
import { openCompose, type Compose } from '../support/compose.ts';
import { describeImage, docker, imageDigest } from '../support/docker.ts';
import { openEngine } from '../../worker/executor/docker.ts';
import { until } from '../support/poll.ts';

const folder = join(import.meta.dirname, '../..');
const project = `topk-test-${randomBytes(4).toString('hex')}`;
/** Two images are built and an installation set up: some three minutes, and many on a busy machine. */
const slow = 1_800_000;

/** Writes what is right on half of the rows, after a while. */
const script = `
import os, time
for n in range(4):
    print("epoch", n, flush=True)
    time.sleep(0.5)
with open("predictions.csv", "w") as file:
    file.write(${JSON.stringify(tinyPredictions)})
`;

describeImage('python')('docker compose up', { timeout: slow }, () => {
  let dir: string;
  let compose: Compose;
  let url: string;
  const databasePassword = randomBytes(12).toString('hex');
  let student: Client;
  const sent: Submission[] = [];

  beforeAll(async () => {
    const { host } = docker();
    const socket = host.slice('unix://'.length);
    const port = await freePort();
    const bases = await buildBases(host, console.log, { compose: true });
    dir = await mkdtemp(join(tmpdir(), 'topk-compose-'));
    const envFile = join(dir, 'env');
    const variables = {
      ...bases,
      POSTGRES_PASSWORD: databasePassword,
      REDIS_PASSWORD: randomBytes(12).toString('hex'),
      TOPK_PORT: String(port),
      TOPK_BUILD_NETWORK: 'host',
      DOCKER_SOCKET: socket,
      DOCKER_GID: String((await stat(socket)).gid),
    };
    await writeFile(
      envFile,
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    url = `http://127.0.0.1:${port}`;
    compose = openCompose({ host, project, folder, envFile });
    // One after the other: most layers of the second are those of the first.
    for (const service of ['api', 'worker']) await compose.run('build', '--quiet', service);
    await compose.run('up', '--detach', '--no-build', '--quiet-pull');
    await untilReady();
    student = await setUp();
  }, slow);

  afterAll(async () => {
    if (compose === undefined) return;
    const installation = await findInstallation();
    await compose.run('down', '--volumes', '--timeout', '120');
    await rm(dir, { recursive: true, force: true });
    expect([...(await compose.containers()).keys()]).toEqual([]);
    // The worker has taken its containers away; the input sets stay, for the next worker of the installation.
    if (installation === undefined) return;
    const engine = openEngine(docker().host);
    const filter = { label: `topk.installation=${installation}` };
    const containers = await engine.listContainers(filter);
    for (const { id } of containers) await engine.remove(id);
    const volumes = await engine.listVolumes(filter.label);
    for (const { name } of volumes) await engine.removeVolume(name);
    expect([...containers, ...volumes].filter(({ labels }) => labels['topk.kind'] !== 'inputs')).toEqual([]);
  }, slow);

  /** As its worker calls it; undefined where it never came to one. */
  async function findInstallation(): Promise<string | undefined> {
    const query =
      "select current_database() || '-' || left(id, 8) from _prisma_migrations order by started_at, migration_name limit 1";
    // Without --no-password it would ask a person, for ever.
    const psql = [
      'psql',
      '--no-password',
      '--username=topk',
      '--dbname=topk',
      '--tuples-only',
      '--no-align',
      `--command=${query}`,
    ];
    const said = await compose
      .run('exec', '-T', '-e', `PGPASSWORD=${databasePassword}`, 'postgres', ...psql)
      .catch(() => '');
    return /topk-[0-9a-f]{8}/.exec(said)?.[0];
  }

  async function untilReady(): Promise<void> {
    await until('the api is ready', 600_000, async () => (await fetch(`${url}/readyz`)).ok);
  }

  /** The way of a new installation: an admin by the command in the container, the images, a course, a competition, a student. */
  async function setUp(): Promise<Client> {
    const printed = await compose.run('exec', '-T', 'api', 'node', 'prisma/create-admin.ts', 'ada@example.edu', 'Ada');
    const password = /this once: (\S+)/.exec(printed)?.[1] ?? '';
    const image = `python=${imageDigest('python')},1`;
    await compose.run('exec', '-T', 'api', 'node', 'prisma/register-images.ts', image);
    const admin = await signIn('ada@example.edu', password);
    await must(admin.json('POST /courses', { slug: 'ds542', title: 'Deep learning', timeZone: 'America/New_York' }));
    await must(
      admin.json('POST /competitions', {
        course: 'ds542',
        slug: 'tiny',
        title: 'Tiny',
        dueAt: new Date(Date.now() + hourMs).toISOString(),
        accepts: ['predictions', 'code'],
        runSettings: { limits: { memoryMiB: 256, tmpMiB: 64, shmMiB: 64, outputMiB: 16, wallSeconds: 60 } },
      }),
    );
    await must(admin.upload('PUT /competitions/tiny/answer-key', tinyKey, 'solution.csv'));
    await must(admin.upload('POST /competitions/tiny/files', tinyPredictions, 'sample_submission.csv'));
    await must(admin.call('POST /competitions/tiny/publish'));
    const person = { email: 'bob@example.edu', name: 'Bob', role: 'student', password: 'a long password' };
    await must(admin.json('POST /courses/ds542/members', person));
    return await signIn(person.email, person.password);
  }

  async function signIn(email: string, password: string): Promise<Client> {
    const nobody = createClient(url, undefined);
    const session = await must(nobody.json('POST /session', { email, password }));
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const answer = await nobody.call('POST /tokens', {
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'test' }),
    });
    return createClient(url, z.object({ token: z.string() }).parse(answer.body).token);
  }

  async function submit(content: string, name: string): Promise<Submission> {
    const submission = await student.submit('tiny', content, name);
    sent.push(submission);
    return submission;
  }

  it('gives the Docker socket to the worker and to nobody else', async () => {
    const holders = [...(await compose.containers())].filter(([, { Mounts }]) =>
      Mounts.some(({ Source = '', Destination }) => `${Source} ${Destination}`.includes('docker.sock')),
    );
    expect(holders.map(([service]) => service)).toEqual(['worker']);
  });

  it('scores a predictions file and a training script', async () => {
    const file = await submit(tinyPredictions, 'predictions.csv');
    const code = await submit(script, 'main.py');
    for (const { id } of [file, code]) {
      const { state, scores, reason } = await student.finished(id);
      expect({ state, reason, top1: scores?.public['top1']?.value }).toEqual({ state: 'scored', top1: 0.5 });
    }
  });

  it.each(['postgres', 'redis', 'api', 'worker'])('loses nothing when %s is restarted', async (service) => {
    const file = await submit(tinyPredictions, 'predictions.csv');
    const code = await submit(script, 'main.py');
    await compose.run('restart', '--timeout', '10', service);
    await untilReady();
    for (const { id } of [file, code]) {
      expect(await student.finished(id)).toMatchObject({
        state: 'scored',
        scores: { public: { top1: { value: 0.5 } } },
      });
    }
  });

  it('has every submission once', async () => {
    const { body } = await student.call('GET /competitions/tiny/submissions');
    const { submissions } = z
      .object({ submissions: z.array(z.object({ id: z.number(), state: z.string() })) })
      .parse(body);
    expect(submissions.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(sent.map(({ id }) => id));
    expect(submissions.every(({ state }) => state === 'scored')).toBe(true);
  });
});

async function must<T extends { status: number; text: string }>(answer: Promise<T>): Promise<T> {
  const got = await answer;
  if (got.status >= 300) throw new Error(`${got.status}: ${got.text}`);
  return got;
}
