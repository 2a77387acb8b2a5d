import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLossyProxy } from '../e2e/lossy-proxy.ts';
import { hourMs, makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { clientFile, oldestPython, runPython, systemPython, type Python } from '../support/python.ts';
import { startSystem, type System } from '../support/system.ts';

const plain = [systemPython(), oldestPython()].filter((each) => each !== undefined);
const [first] = plain;

describe.skipIf(!first)('the Python client', () => {
  let system: System;
  let course: TestCourse;
  let folder: string;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 0 });
    folder = await mkdtemp(join(tmpdir(), 'topk-python-'));
    await copyFile(clientFile, join(folder, 'topk.py'));
    await writeFile(join(folder, 'tiny.csv'), tinyPredictions);
    await writeFile(join(folder, 'wrong.csv'), 'id,label\na,0\nzzz,1\nc,2\nd,0\n');
  });
  afterAll(async () => {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const need = (which: Python | undefined): Python => {
    if (!which) throw new Error('there is no such Python');
    return which;
  };
  /** Runs lines as a signed-in student, and answers with what they printed, the last line read as JSON. */
  const script = async (which: Python | undefined, who: Person, lines: string, more: { url?: string } = {}) => {
    const source = `import json, sys, topk\ntopk.login(sys.argv[1], sys.stdin.readline())\n${lines}`;
    const url = more.url ?? system.url;
    const answer = await runPython(need(which), ['-c', source, url], { cwd: folder, stdin: `${who.token}\n` });
    expect(answer.stdout + answer.stderr, 'the token is nowhere').not.toContain(who.token);
    if (answer.code !== 0) throw new Error(`exit ${answer.code}: ${answer.stderr}`);
    const printed = answer.stdout.trim().split('\n');
    return { stdout: answer.stdout, last: (): unknown => JSON.parse(printed.at(-1) ?? '') };
  };
  const count = async (slug: string) =>
    await system.db.prisma.submission.count({ where: { phase: { competition: { slug } } } });

  it('is served to everybody, and parses as Python 3.9', async () => {
    const served = await fetch(`${system.url}/client/topk.py`);
    expect(served.headers.get('content-type')).toBe('text/x-python; charset=utf-8');
    expect(await served.text()).toBe(await readFile(clientFile, 'utf8'));
    const etag = served.headers.get('etag') ?? '';
    expect((await fetch(served.url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const parse = 'import ast; ast.parse(open("topk.py").read(), feature_version=(3, 9))';
    expect(await runPython(need(first), ['-c', parse], { cwd: folder })).toMatchObject({ code: 0 });
  });

  describe.each(plain.map((each) => [each.name, each] as const))('%s', (_name, which) => {
    it('goes from the list of competitions to a rank', async () => {
      const [ada, slug] = [await course.add('student'), await makeCompetition(course)];
      const { stdout, last } = await script(
        which,
        ada,
        `
slug = ${JSON.stringify(slug)}
listed = topk.competitions()
folder = topk.download(slug, "data-" + slug)
checked = topk.check(slug, "tiny.csv")
submission = topk.submit(slug, "tiny.csv", note="from Python")
print(repr(submission))
rows = topk.submissions(slug)
board = topk.leaderboard(slug)
print(topk.whoami()["courses"][0]["slug"])
print(json.dumps([type(listed).__name__, [row["slug"] for row in listed].count(slug), sorted(path.name for path in folder.iterdir()),
  checked["rows"], submission.state, submission.score, submission.scores, rows[0]["id"] == submission.id, rows[0]["note"],
  [[row["rank"], row["top1"], row["me"]] for row in board]]))
`,
      );
      const scores = { top1: 0.5, top5: 0.5 };
      const row = [1, 0.5, true];
      expect(last()).toEqual(['Rows', 1, ['test.csv'], 4, 'scored', 0.5, scores, true, 'from Python', [row]]);
      expect(stdout).toMatch(/Submission \d+ is scored: top1 0\.50000, top5 0\.50000 \(public board\)\./);
      expect(stdout).toContain('tiny.csv: 4 rows, nothing wrong with it. It was not submitted.');
    });

    it('says what is wrong in the server’s words, as an exception', async () => {
      const dueAt = new Date(Date.now() + 72 * hourMs).toISOString();
      const [ada, slug] = [
        await course.add('student'),
        await makeCompetition(course, { settings: { dailyLimit: 1, dueAt } }),
      ];
      const { last } = await script(
        which,
        ada,
        `
slug, told = ${JSON.stringify(slug)}, []
def attempt(work):
    try:
        work()
        told.append(None)
    except topk.TopkError as error:
        told.append([type(error).__name__, error.type, str(error), error.next_slot_at is not None])
attempt(lambda: topk.check(slug, "wrong.csv"))
attempt(lambda: topk.submit(slug, "wrong.csv"))
attempt(lambda: topk.submit(slug, "tiny.csv", quiet=True))
attempt(lambda: topk.submit(slug, b"id,label\\na,0\\nb,0\\nc,2\\nd,1\\n"))
attempt(lambda: topk.download("no-such-competition"))
attempt(lambda: topk.download(slug, files=["nothing.csv"]))
attempt(lambda: topk.submit(slug, "missing.csv"))
attempt(lambda: topk.submit(slug, 42))
attempt(lambda: topk.login(sys.argv[1], "topk_0000000000000000"))
attempt(lambda: topk.login(sys.argv[1], "secret\\r\\nHost: elsewhere"))
attempt(lambda: topk.login("http://topk.example.edu", "topk_0000000000000000"))
attempt(lambda: topk.login("https://ada:secret@topk.example.edu"))
print(json.dumps(told))
`,
      );
      expect(last()).toEqual([
        ['TopkError', 'invalid', expect.stringMatching(/line 3.*zzz/s), false],
        ['Rejected', 'rejected', expect.stringMatching(/was rejected:\n.*zzz/s), false],
        null,
        ['TopkError', 'limit-reached', expect.stringContaining('1'), true],
        ['TopkError', 'not-found', expect.stringContaining('no-such-competition'), false],
        ['TopkError', null, expect.stringContaining('There are: test.csv'), false],
        ['TopkError', null, "There is no file 'missing.csv'.", false],
        ['TopkError', null, expect.stringContaining("A int can't be sent"), false],
        ['TopkError', 'unauthenticated', expect.stringContaining('Tokens page'), false],
        ['TopkError', null, expect.not.stringContaining('secret'), false],
        ['TopkError', null, expect.stringContaining('not encrypted'), false],
        ['TopkError', null, expect.not.stringContaining('secret'), false],
      ]);
    });

    it('submits once where the answer is lost, and goes on after a crash with what was received', async () => {
      const [ada, slug] = [await course.add('student'), await makeCompetition(course)];
      const lossy = () =>
        startLossyProxy(system.url, ({ method, url }) => method === 'POST' && url.includes('/submissions?'));
      const proxy = await lossy();
      try {
        const line = `print(json.dumps(topk.submit(${JSON.stringify(slug)}, "tiny.csv").score))`;
        expect((await script(which, ada, line, { url: proxy.url })).last()).toBe(0.5);
        expect([proxy.lost(), await count(slug)]).toEqual([1, 1]);
      } finally {
        await proxy.stop();
      }
      const again = await lossy();
      try {
        const crash = `
topk.time.sleep = lambda seconds: topk.os._exit(7)
topk.submit(${JSON.stringify(slug)}, "tiny.csv", "twice")`;
        await expect(script(which, ada, crash, { url: again.url })).rejects.toThrow('exit 7');
        expect([again.lost(), await count(slug)]).toEqual([1, 2]);
        const same = `
ids = [topk.submit(${JSON.stringify(slug)}, "tiny.csv", "twice").id for _ in range(2)]
print(json.dumps(ids))`;
        const { stdout, last } = await script(which, ada, same, { url: again.url });
        expect(stdout).toContain('Going on with an upload that broke off earlier.');
        expect(new Set([last()].flat()).size, 'the second is meant').toBe(2);
        expect(await count(slug)).toBe(3);
      } finally {
        await again.stop();
      }
    });

    it('goes on with a download that broke off, and takes nothing that is not what the server says', async () => {
      const [ada, slug] = [await course.add('student'), await makeCompetition(course)];
      const content = Array.from({ length: 200_000 }, (_, row) => `${row},${row * 7}\n`).join('');
      await course.instructor.upload(`POST /competitions/${slug}/files`, content, 'big.csv');
      const { last } = await script(
        which,
        ada,
        `
import pathlib
slug = ${JSON.stringify(slug)}
sha = {file["name"]: file["sha256"] for file in topk._client()._get("/competitions/" + slug)["files"]}["big.csv"]
target = pathlib.Path("resumed-" + slug)
target.mkdir()
part = target / f"big.csv.{sha[:12]}.part"
whole = topk._client()._once("GET", f"/competitions/{slug}/files/big.csv").read()
asked = []
once = topk.Client._once
def noted(self, method, path, **more):
    asked.append((more.get("headers") or {}).get("Range"))
    return once(self, method, path, **more)
topk.Client._once = noted
part.write_bytes(whole[:1000])
topk.download(slug, target, ["big.csv"])
right = (target / "big.csv").read_bytes() == whole
(target / "big.csv").unlink()
part.write_bytes(b"damaged" * 100)
topk.download(slug, target, ["big.csv"])
topk.download(slug, target, ["big.csv"])
print(json.dumps([right, (target / "big.csv").read_bytes() == whole, sorted(path.name for path in target.iterdir()), asked]))
`,
      );
      const asked = [null, 'bytes=1000-', null, 'bytes=700-', null, null];
      expect(last()).toEqual([true, true, ['big.csv'], asked]);
    });

    it('is a command, which keeps the token where only its owner can read it', async () => {
      const [ada, slug] = [await course.add('student'), await makeCompetition(course)];
      const home = await mkdtemp(join(folder, 'home-'));
      const topk = async (args: readonly string[], stdin = '') => {
        const answer = await runPython(which, [clientFile, ...args], { cwd: home, stdin });
        expect(answer.stdout + answer.stderr).not.toContain(ada.token);
        return answer;
      };
      expect(await topk(['whoami'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Nobody is signed in') });
      expect(await topk(['login', system.url], `${ada.token}\n`)).toMatchObject({ code: 0, stderr: '' });
      expect((await stat(join(home, '.config/topk/login.json'))).mode & 0o777).toBe(0o600);
      expect((await topk(['whoami'])).stdout).toContain(ada.email);
      expect((await topk(['competitions'])).stdout).toContain(slug);
      await writeFile(join(home, 'tiny.csv'), tinyPredictions);
      expect((await topk(['submit', slug, 'tiny.csv', '--note', 'a note'])).stdout).toContain('top1 0.50000');
      expect((await topk(['submissions', slug])).stdout).toContain('a note');
      expect((await topk(['leaderboard', slug])).stdout).toMatch(/^rank +name +top1 +top5 +me\n1 .* yes$/m);
      const refused = await topk(['leaderboard', slug, '--board', 'private']);
      expect(refused).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^topk: The private leaderboard is hidden/),
      });
      expect(await topk(['logout'])).toMatchObject({ code: 0 });
      expect(await topk(['whoami'])).toMatchObject({ code: 1 });
    });
  });
});
