import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digitsFile, largeFiles, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { clientFile, pandasPython, runPython, systemPython, type Python } from '../support/python.ts';
import { startSystem, type System } from '../support/system.ts';

const pandas = await pandasPython();
const first = systemPython();

describe.skipIf(!first)('what is sent from Python', () => {
  let system: System;
  let course: TestCourse;
  let folder: string;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 0 });
    folder = await mkdtemp(join(tmpdir(), 'topk-python-'));
    await copyFile(clientFile, join(folder, 'topk.py'));
    await writeFile(join(folder, 'tiny.csv'), tinyPredictions);
    await writeFile(join(folder, 'forest.csv'), await digitsFile('submissions/random_forest.csv'));
  });
  afterAll(async () => {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const need = (which: Python | undefined): Python => {
    if (!which) throw new Error('there is no such Python');
    return which;
  };
  /** Runs lines as a signed-in student. @returns the last line that they printed, as JSON */
  const script = async (which: Python | undefined, who: Person, lines: string): Promise<unknown> => {
    const source = `import json, sys, topk\ntopk.login(sys.argv[1], sys.stdin.readline())\n${lines}`;
    const answer = await runPython(need(which), ['-c', source, system.url], { cwd: folder, stdin: `${who.token}\n` });
    expect(answer.stdout + answer.stderr, 'the token is nowhere').not.toContain(who.token);
    expect(answer).toMatchObject({ code: 0 });
    return JSON.parse(answer.stdout.trim().split('\n').at(-1) ?? '');
  };

  it.skipIf(!pandas)('takes DataFrames and arrays, and gives DataFrames', async () => {
    const ada = await course.add('student');
    const slug = await makeCompetition(course, { key: await digitsFile('solution.csv') });
    const sample = await digitsFile('sample_submission.csv');
    await course.instructor.upload(`POST /competitions/${slug}/files`, sample, 'sample_submission.csv');
    const last = await script(
      pandas,
      ada,
      `
import numpy, pandas
slug = ${JSON.stringify(slug)}
frame = pandas.read_csv("forest.csv")
scores = []
topk.check(slug, frame)
scores.append(topk.submit(slug, frame).score)
scores.append(topk.submit(slug, frame.set_index(frame.columns[0])).score)
order = {name: row for row, name in enumerate(frame.iloc[:, 0])}
sample = pandas.read_csv(topk.download(slug) / "sample_submission.csv")
array = numpy.zeros((len(sample), 10), numpy.float32)
for row, name in enumerate(sample.iloc[:, 0]):
    for place, label in enumerate(frame.iloc[order[name], 1:]):
        array[row, int(label)] = 5 - place
scores.append(topk.submit(slug, array).score)
tables = [topk.competitions(), topk.submissions(slug), topk.leaderboard(slug)]
print(json.dumps([[round(score, 5) for score in scores], [type(table).__name__ for table in tables], len(tables[1])]))
`,
    );
    expect(last).toEqual([[0.96732, 0.96732, 0.96732], ['DataFrame', 'DataFrame', 'DataFrame'], 3]);
  });

  it('scores a file of 950,000 rows as the API does', async () => {
    const { key, predictions } = largeFiles(950_000);
    const slug = await makeCompetition(course, { key });
    await writeFile(join(folder, 'large.csv'), predictions);
    const [ada, ben] = [await course.add('student'), await course.add('student')];
    const last = await script(
      first,
      ada,
      `slug = ${JSON.stringify(slug)}
topk.check(slug, "large.csv")
print(json.dumps([topk.submit(slug, "large.csv").scores, topk.submissions(slug)[0]["id"]]))`,
    );
    const { id } = await ben.submit(slug, predictions);
    const scores = (await ben.finished(id)).scores?.public;
    expect(last).toEqual([{ top1: scores?.['top1']?.value, top5: scores?.['top5']?.value }, expect.any(Number)]);
    expect(scores?.['top1']?.rows).toBe(475_000);
  });

  it('lets fifty students submit at once', async () => {
    const slug = await makeCompetition(course);
    const people: Person[] = [];
    for (let i = 0; i < 50; i++) people.push(await course.add('student'));
    const source = `
import json, sys, threading, topk
tokens, slug = json.load(sys.stdin), sys.argv[2]
results, together = [None] * len(tokens), threading.Barrier(len(tokens))
def work(i):
    try:
        client = topk.Client(sys.argv[1], tokens[i])
        together.wait()
        results[i] = client.submit(slug, "tiny.csv", f"student {i}", quiet=True).score
    except Exception as error:
        together.abort()
        results[i] = str(error)
threads = [threading.Thread(target=work, args=(i,)) for i in range(len(tokens))]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(results))`;
    const { stdout, stderr, code } = await runPython(need(first), ['-c', source, system.url, slug], {
      cwd: folder,
      stdin: JSON.stringify(people.map(({ token }) => token)),
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(people.map(() => 0.5));
    expect(await system.db.prisma.submission.count({ where: { phase: { competition: { slug } } } })).toBe(50);
  });
});
