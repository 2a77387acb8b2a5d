import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Submission } from '../../core/contract/submissions.ts';
import { seedDigits } from '../../prisma/demo/seed-digits.ts';
import { seedPeople, type DemoAccess } from '../../prisma/seed.ts';
import { createClient } from '../support/client.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { pandasPython, runPython, systemPython, type Python } from '../support/python.ts';
import { startSystem, type System } from '../support/system.ts';

const Notebook = z.object({
  nbformat: z.literal(4),
  cells: z.array(z.object({ cell_type: z.enum(['markdown', 'code']), id: z.string(), source: z.array(z.string()) })),
});

/**
 * Runs the cells of a notebook one by one in one namespace, as a kernel does, and shows what the last line of each is. Who is asked for something in
 * a kernel is asked by getpass, which this answers.
 */
const kernel = `
import ast, getpass, json, sys, types
sys.modules["ipykernel"] = types.ModuleType("ipykernel")
getpass.getpass = lambda prompt: sys.stdin.readline()
namespace = {"__name__": "__main__"}
for source in json.loads(sys.argv[1]):
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)
    if last:
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)
        if value is not None: print(value)
`;

const pandas = await pandasPython();
const plain = systemPython();

describe('the starter notebook', () => {
  let system: System;
  let demo: DemoAccess;
  let course: TestCourse;

  beforeAll(async () => {
    system = await startSystem();
    demo = await seedPeople(system.db, undefined);
    await seedDigits(system.url, demo);
    course = await makeCourse(system, { students: 1 });
  });
  afterAll(async () => await system.stop());

  const starter = async (token: string, slug: string, query = '') => {
    const answer = await createClient(system.url, token).call(`GET /competitions/${slug}/starter.ipynb${query}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ipynb\+json/);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${slug}-starter.ipynb"`);
    expect(answer.text).not.toContain(token);
    return Notebook.parse(answer.body).cells.flatMap((cell) =>
      cell.cell_type === 'code' ? [cell.source.join('')] : [],
    );
  };
  const execute = async (which: Python | undefined, cells: readonly string[], token: string) => {
    if (!which) throw new Error('there is no such Python');
    const folder = await mkdtemp(join(tmpdir(), 'topk-starter-'));
    try {
      const answer = await runPython(which, ['-c', kernel, JSON.stringify(cells)], {
        cwd: folder,
        stdin: `${token}\n`,
      });
      expect(answer.stdout + answer.stderr).not.toContain(token);
      expect(answer).toMatchObject({ code: 0 });
      return answer.stdout;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const newest = async (token: string, slug: string) => {
    const { body } = await createClient(system.url, token).call(`GET /competitions/${slug}/submissions`);
    return z.object({ submissions: z.array(Submission) }).parse(body).submissions[0];
  };

  it.skipIf(!pandas)('of the demo runs cell by cell, and its submission is scored', async () => {
    const token = demo.tokens.students[0] ?? '';
    const cells = await starter(token, 'digits');
    expect(cells.join('\n')).toContain(`SERVER = "${system.url}"`);
    const printed = await execute(pandas, cells, token);
    expect(printed).toContain('1,000 rows to learn from, 64 features, 10 classes');
    expect(printed).toContain('predictions.csv: 797 rows, nothing wrong with it.');
    expect(await newest(token, 'digits')).toMatchObject({ state: 'scored', note: 'starter: random forest' });
    expect((await newest(token, 'digits'))?.scores?.public['top1']?.value).toBeGreaterThan(0.9);
  });

  it.skipIf(!plain)('of other data submits the sample submission, in its phase and part', async () => {
    const parts = [{ slug: 'one', title: 'One' }];
    const slug = await makeCompetition(course, { settings: { parts } });
    await course.instructor.upload(`POST /competitions/${slug}/files`, tinyPredictions, 'sample_submission.csv');
    await course.instructor.upload(`POST /competitions/${slug}/files?hidden=true`, 'id,x\na,1\n', 'unseen.csv');
    const token = course.students[0]?.token ?? '';
    const cells = await starter(token, slug, '?phase=main');
    expect((await starter(course.instructor.token, slug)).join('\n')).not.toContain('unseen.csv');
    expect(await execute(plain, cells, token)).toContain('top1 0.50000');
    expect(await newest(token, slug)).toMatchObject({ state: 'scored', phase: 'main', part: 'one' });
  });

  it.skipIf(!plain).each([
    ['code', 'main.py'],
    ['notebook', 'main.ipynb'],
  ])('hands in a program where only %s is taken', async (kind, name) => {
    const slug = await makeCompetition(course, { settings: { accepts: [kind] } });
    const token = course.students[0]?.token ?? '';
    const cells = await starter(token, slug);
    // No worker here runs code: it is received, and taken back.
    const sent = cells.map((cell) =>
      cell.replace('topk.run(COMPETITION, ', 'topk.submit(COMPETITION, wait=False, what='),
    );
    await execute(plain, sent, token);
    expect(await newest(token, slug)).toMatchObject({ state: 'queued', kind, file: { name } });
  });

  it('has nothing of a competition that is not open yet, and nothing that could become code', async () => {
    const opensAt = new Date(Date.now() + hourMs / 2).toISOString();
    const slug = await makeCompetition(course, { settings: { opensAt } });
    const [student] = course.students;
    const refused = await student?.call(`GET /competitions/${slug}/starter.ipynb`);
    expect(refused?.problem()).toMatchObject({ type: 'not-open-yet' });
    const title = '"""); import os # \\ `x`';
    const odd = await makeCompetition(course, { settings: { title } });
    for (const cell of await starter(student?.token ?? '', odd)) expect(cell).not.toContain('import os');
  });
});
