import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDigits } from '../../prisma/demo/seed-digits.ts';
import { seedPeople, type DemoAccess } from '../../prisma/seed.ts';
import { startSystem, type System } from '../support/system.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const digits = join(root, 'examples/digits');

/** A bare machine may have neither; what the examples do is tested elsewhere too. */
function lacks(program: string): boolean {
  const missing = spawnSync(program, ['--version']).error !== undefined;
  if (missing) console.log(`skipped: the README's examples with ${program}, which this machine does not have`);
  return missing;
}

describe('the README’s examples, run as they stand there, against the demo', () => {
  let system: System;
  let demo: DemoAccess;

  beforeAll(async () => {
    system = await startSystem();
    demo = await seedPeople(system.db, undefined);
    await seedDigits(system.url, demo);
  });
  afterAll(async () => await system.stop());

  async function example(name: string): Promise<string> {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const code = new RegExp(`<!-- tested: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
    if (code === undefined) throw new Error(`the README has no example ${name}`);
    return code;
  }
  const environment = (token: string) => ({ ...process.env, TOPK: system.url, TOKEN: token });

  it.skipIf(lacks('curl'))('submits with curl', async () => {
    const { stdout } = await run('bash', ['-c', await example('submit-curl')], {
      cwd: join(digits, 'submissions'),
      env: environment(demo.tokens.students[0] ?? ''),
    });
    expect(JSON.parse(stdout)).toMatchObject({ competition: 'digits', note: '200 trees', leftToday: 19 });
  });

  it.skipIf(lacks('python3'))('submits with Python and prints the score', async () => {
    const { stdout } = await run('python3', ['-c', await example('submit-python')], {
      cwd: join(digits, 'submissions'),
      env: environment(demo.tokens.students[0] ?? ''),
    });
    expect(stdout.trim()).toBe('scored 0.96732');
  });

  it.skipIf(lacks('curl'))('makes a competition in four calls', async () => {
    const { stdout } = await run('bash', ['-e', '-c', await example('four-calls')], {
      cwd: digits,
      env: environment(demo.tokens.instructor),
    });
    const answers = stdout.trim().split('\n');
    expect(answers).toHaveLength(4);
    expect(JSON.parse(answers[3] ?? '')).toMatchObject({
      slug: 'midterm',
      phases: [{ status: 'open', dailyLimit: 5 }],
    });
  });

  it('has a demo that can be seeded again without a change', async () => {
    const rows = async () => (await system.db.pool.query('select count(*)::int as n from submission')).rows[0]?.n;
    const before = await rows();
    const again = await seedPeople(system.db, demo);
    expect(again).toEqual(demo);
    await seedDigits(system.url, again);
    expect(await rows()).toBe(before);
  });
});
