import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import { expect, it } from 'vitest';
import { openDockerApi } from '../../dev/docker-api.ts';
import { lookAtDocker } from '../../dev/doctor/docker.ts';
import { lookAtGpus } from '../../dev/doctor/gpus.ts';
import { findLost, readImageBook } from '../../dev/doctor/images.ts';
import { lookAtImages } from '../../dev/image-set.ts';
import { registerImages } from '../../prisma/register-images.ts';
import { createTestDatabase } from '../support/database.ts';
import { describeDocker, describeImage, docker, imageDigest } from '../support/docker.ts';

const root = join(import.meta.dirname, '../..');

describeDocker('the doctor', () => {
  it('looks at a real daemon: limits, system calls, runtimes, GPUs', async () => {
    const { host } = docker();
    const found = await lookAtDocker(openDockerApi(host), host, 'no-such-runtime');
    const states = Object.fromEntries(found.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ Docker: 'ok', runtimes: 'fail' });
    expect(Object.keys(states)).toEqual(expect.arrayContaining(['cgroups', 'seccomp', 'disk of Docker']));
    expect(await lookAtGpus(openDockerApi(host))).toMatchObject({ name: 'GPUs' });
  });

  it('is one command that prints a line for each thing, with its remedy', { timeout: 300_000 }, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'topk-doctor-'));
    const env = { ...process.env, DOCKER_HOST: docker().host, TOPK_DATA_DIR: dir, DATABASE_URL: '', REDIS_URL: '' };
    try {
      // It exits with 1 where something fails, as the disk of a small machine may.
      const { stdout } = await promisify(execFile)(process.execPath, ['dev/doctor.ts'], { cwd: root, env }).catch(
        (error: { stdout: string }) => error,
      );
      for (const name of ['Node', 'machine', 'disk of the data', 'Docker', 'cgroups', 'runtimes', 'GPUs', 'images'])
        expect(stdout).toMatch(new RegExp(`^(ok  |WARN|FAIL|-   )  ${name} `, 'm'));
      expect(stdout).toMatch(/^- +Postgres .*no npm start runs/m);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describeImage('python')('the doctor', () => {
  it('knows the images that were built from what is here, and those that phases are pinned to and are not', async () => {
    const { host } = docker();
    const images = await lookAtImages(host);
    expect(images.find(({ name }) => name === 'python')).toMatchObject({ state: 'fit', digest: imageDigest('python') });
    const database = await createTestDatabase();
    const pool = new Pool({ connectionString: database.url, max: 1 });
    try {
      await registerImages(pool, [{ name: 'python', digest: imageDigest('python'), bytes: 1 }]);
      const book = await readImageBook(database.url);
      expect(book.registered).toEqual([imageDigest('python')]);
      const gone = `sha256:${'0'.repeat(64)}`;
      const pinned = [
        { phase: 'a/main', digest: imageDigest('python') },
        { phase: 'b/main', digest: gone },
      ];
      expect(await findLost(openDockerApi(host), { ...book, pinned })).toEqual(new Map([[gone, ['b/main']]]));
    } finally {
      await pool.end();
      await database.drop();
    }
  });
});
