import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeImage } from '../support/docker.ts';
import { openPrograms, type Programs } from '../support/programs.ts';

describeImage('python')('the runner', () => {
  let programs: Programs;
  beforeAll(async () => {
    programs = await openPrograms();
  });
  afterAll(async () => await programs.close());

  const python = async (source: string, more: { env?: Record<string, string>; cpus?: number } = {}) =>
    await programs.run({
      files: { 'main.py': source },
      command: ['main.py'],
      env: more.env ?? {},
      limits: { cpus: more.cpus ?? 1 },
    });
  const shell = async (script: string) => await programs.run({ files: {}, command: ['sh', '-c', script] });

  it('keeps the beginning and the end of 200 MB, and counts what lies between', async () => {
    const { code, outcome } = await shell('echo first; yes | head -c 200000000; echo last');
    const { head, tail, skipped } = outcome.log;
    expect(code).toBe(0);
    expect(Buffer.from(head).toString()).toMatch(/^first\ny\n/);
    expect(Buffer.from(tail).toString()).toMatch(/y\nlast\n$/);
    expect(head.length + tail.length).toBe(256 * 1024);
    expect(head.length + tail.length + skipped).toBe(200_000_000 + 'first\nlast\n'.length);
  });

  it.each([
    { end: 'exit 0', code: 0 },
    { end: 'exit 7', code: 7 },
    { end: 'exit 255', code: 255 },
    { end: 'kill -TERM $$', code: 143 },
    { end: 'kill -SEGV $$', code: 139 },
    { end: 'kill -KILL $$', code: 137 },
  ])('passes on `$end` as $code', async ({ end, code }) => {
    expect((await shell(`echo before; ${end}`)).code).toBe(code);
  });

  it('says what can’t be started', async () => {
    expect(await programs.run({ files: {}, command: ['no-such-program'] })).toMatchObject({
      code: 127,
      last: 'topk: no-such-program: No such file or directory',
    });
    expect(await programs.run({ files: { 'train.py': '' }, command: ['main.py'] })).toMatchObject({
      code: 127,
      last: 'topk: there is no main.py in /topk/job; it holds train.py',
    });
  });

  it('ends with the main process, whatever its descendants do, and keeps what was printed before', async () => {
    const { code, log } = await shell(
      'setsid sh -c "trap : TERM; while :; do echo later; touch begun; sleep 0.05; done" & until [ -e begun ]; do sleep 0.05; done; echo "the end"; exit 4',
    );
    // And not the time limit.
    expect(code).toBe(4);
    expect(log).toContain('later');
    expect(log).toContain('the end');
  });

  it('goes on keeping the log where the output is full', async () => {
    const { code, log } = await shell('cat /dev/zero > big; rm -f big; yes | head -c 1000000; echo "still here"');
    expect(code).toBe(0);
    expect(log).toContain('No space left on device');
    expect(log).toContain('still here');
  });

  it('starts a program with the variables of the contract, and nothing else of its own', async () => {
    const { log } = await python(
      `import json, os, signal, sys
names = ["TOPK_JOB", "TOPK_OUT", "TOPK_SEED", "PYTHONHASHSEED", "OMP_NUM_THREADS", "HOME", "PYTHONPATH"]
fds = sorted(fd for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}"))
print(json.dumps({
    "env": [os.environ.get(name) for name in names], "hidden": "TOPK_HIDDEN" in os.environ, "cwd": os.getcwd(),
    "fds": fds, "input": sys.stdin.read(), "leader": os.getsid(0) == os.getpid(),
}))`,
      { env: { TOPK_SEED: '4294967295' }, cpus: 1.5 },
    );
    expect(JSON.parse(log)).toMatchObject({
      env: ['/topk/job', '/topk/run/out', '4294967295', '4294967295', '2', '/tmp', '/topk/job'],
      hidden: false,
      cwd: '/topk/run/out',
      fds: ['0', '1', '2'],
      input: '',
      leader: true,
    });
  });

  it('leaves the program the signals that Python ignores', async () => {
    const { log } = await programs.run({
      files: {},
      command: ['bash', '-c', 'yes | head -1 > first; echo "${PIPESTATUS[0]}"'],
    });
    expect(log).toBe('141\n');
  });

  it('runs a program on a laptop as it does in the sandbox', async () => {
    const source = `import os, random
random.seed(int(os.environ["TOPK_SEED"]))
print(random.random(), {"a", "b", "c"}, os.getcwd(), os.environ["OMP_NUM_THREADS"])
raise SystemExit(6)`;
    const files = { 'main.py': source };
    const sandboxed = await programs.run({ files, command: ['main.py'] });
    // Inside of the sandbox, since it is the command of the image: with nothing set but what an image sets.
    const laptop = await programs.run({
      files,
      command: ['env', '-i', 'PATH=/usr/local/bin:/usr/bin:/bin', 'topk-run', 'main.py'],
    });
    expect(laptop).toMatchObject({ code: 6, log: sandboxed.log });
    expect(sandboxed.code).toBe(6);
  });

  it('refuses to end "everything" anywhere but in a container of its own', async () => {
    const { code, last } = await shell('sh -c "topk-run --wait; exit \\$?"');
    expect(last).toBe('topk: --wait is for the main process of a container');
    expect(code).toBe(2);
  });
});
