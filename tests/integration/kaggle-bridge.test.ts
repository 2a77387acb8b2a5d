import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largeFiles, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { kagglePythons } from '../support/kaggle-python.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { clientFile, runPython } from '../support/python.ts';
import { startSystem, type System } from '../support/system.ts';
import { startTlsFront } from '../support/tls-front.ts';

const pythons = kagglePythons();

describe.skipIf(pythons.length === 0)('the kaggle command, by the bridge of the Python client', () => {
  let system: System;
  let front: Awaited<ReturnType<typeof startTlsFront>>;
  let course: TestCourse;
  let folder: string;

  beforeAll(async () => {
    system = await startSystem({ environment: { TRUSTED_PROXIES: '1' } });
    front = await startTlsFront(system.url);
    course = await makeCourse(system, { students: 0 });
    folder = await mkdtemp(join(tmpdir(), 'topk-bridge-'));
    await writeFile(join(folder, 'cert.pem'), front.cert);
    await writeFile(join(folder, 'tiny.csv'), tinyPredictions);
  });
  afterAll(async () => {
    await front.stop();
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** `python topk.py kaggle …`, with the independent client of the tests as the command. */
  const kaggle = async (which: (typeof pythons)[number], who: Person, args: readonly string[]) => {
    const bin = join(folder, `bin-${which.name}`);
    await mkdir(bin, { recursive: true });
    const program = await readFile(join(import.meta.dirname, '../support/kaggle_client.py'), 'utf8');
    await writeFile(join(bin, 'kaggle'), `#!/usr/bin/env ${which.program}\n${program}`);
    await chmod(join(bin, 'kaggle'), 0o755);
    const env = {
      ...which.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      TOPK_URL: front.url,
      TOPK_TOKEN: who.token,
      SSL_CERT_FILE: join(folder, 'cert.pem'),
    };
    const answer = await runPython(which, [clientFile, 'kaggle', ...args], { cwd: folder, env });
    expect(answer.stdout + answer.stderr).not.toContain(who.token);
    return answer;
  };

  it.each(pythons.map((each) => [each.name, each] as const))(
    'lists, downloads and submits over TLS: %s',
    async (_name, which) => {
      const [ada, slug] = [await course.add('student'), await makeCompetition(course)];
      expect(await kaggle(which, ada, ['competitions', 'list'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(slug),
      });
      expect(await kaggle(which, ada, ['competitions', 'download', slug, '-f', 'test.csv'])).toMatchObject({ code: 0 });
      expect(await readFile(join(folder, 'test.csv'), 'utf8')).toBe('id,x\na,1\n');
      const sent = await kaggle(which, ada, ['competitions', 'submit', slug, '-f', 'tiny.csv', '-m', 'by the bridge']);
      expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('Successfully submitted') });
      const [, id] = /submission (\d+)/.exec(sent.stdout) ?? [];
      expect(await ada.finished(Number(id))).toMatchObject({ state: 'scored', note: 'by the bridge' });
      expect((await kaggle(which, ada, ['competitions', 'submissions', slug])).stdout).toContain('by the bridge');
      expect(await kaggle(which, ada, ['competitions', 'files', 'nothing-of-ours'])).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('that you can see here'),
      });
    },
  );

  it('scores 950,000 rows as the API does', async () => {
    const [which] = pythons;
    if (!which) throw new Error('there is no Python');
    const { key, predictions } = largeFiles(950_000);
    const slug = await makeCompetition(course, { key });
    await writeFile(join(folder, 'large.csv'), predictions);
    const [ada, ben] = [await course.add('student'), await course.add('student')];
    const sent = await kaggle(which, ada, ['competitions', 'submit', slug, '-f', 'large.csv', '-m', 'large']);
    const [, id] = /submission (\d+)/.exec(sent.stdout) ?? [];
    const { scores } = await ada.finished(Number(id));
    expect(scores).toBeDefined();
    expect(scores).toEqual((await ben.finished((await ben.submit(slug, predictions)).id)).scores);
  });
});
