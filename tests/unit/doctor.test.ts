import { describe, expect, it } from 'vitest';
import { judgeDaemon, type DockerInfo } from '../../dev/doctor/docker.ts';
import { describeFindings, look } from '../../dev/doctor/finding.ts';
import { judgeGpus } from '../../dev/doctor/gpus.ts';
import { judgeImages } from '../../dev/doctor/images.ts';
import { judgeDisk } from '../../dev/doctor/machine.ts';
import { judgeAppending, judgeClock, judgeMigrations, judgePolicy } from '../../dev/doctor/servers.ts';

const good: DockerInfo = {
  ServerVersion: '26.1.5',
  CgroupVersion: '2',
  CgroupDriver: 'systemd',
  MemoryLimit: true,
  SwapLimit: true,
  PidsLimit: true,
  CpuCfsQuota: true,
  Runtimes: { runc: {}, runsc: {} },
  DefaultRuntime: 'runc',
  SecurityOptions: ['name=seccomp,profile=builtin'],
  DockerRootDir: '/var/lib/docker',
  OSType: 'linux',
};

const findings = (info: Partial<DockerInfo>) =>
  Object.fromEntries(judgeDaemon({ ...good, ...info }, 'unix:///x').map((finding) => [finding.name, finding]));

describe('the doctor', () => {
  it('finds nothing amiss with a daemon that can do everything', () => {
    expect(judgeDaemon(good, 'unix:///x').map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('fails a daemon that can’t limit what a program uses, and names what', () => {
    expect(findings({ MemoryLimit: false, PidsLimit: false })['cgroups']).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('memory, processes'),
      remedy: expect.any(String),
    });
  });

  it('warns where only swap can’t be limited', () => {
    expect(findings({ SwapLimit: false })['cgroups']).toMatchObject({ state: 'warn' });
  });

  it('warns of a first version of cgroups, in which sockets are free memory', () => {
    expect(findings({ CgroupVersion: '1' })['cgroups']).toMatchObject({
      state: 'warn',
      remedy: expect.stringContaining('SANDBOX_RUNTIME=runsc'),
    });
  });

  it('fails a daemon that can’t filter system calls', () => {
    expect(findings({ SecurityOptions: [] })['seccomp']).toMatchObject({ state: 'fail' });
  });

  it('recommends gVisor where it is not there', () => {
    expect(findings({ Runtimes: { runc: {} } })['runtimes']).toMatchObject({
      state: 'warn',
      remedy: expect.stringContaining('runsc'),
    });
  });

  it('fails where the daemon has not got the runtime that is configured', () => {
    const runtimes = (wanted: string) => judgeDaemon(good, 'unix:///x', wanted).find(({ name }) => name === 'runtimes');
    expect(runtimes('runsc')).toMatchObject({ state: 'ok' });
    expect(runtimes('kata')).toMatchObject({ state: 'fail', detail: expect.stringContaining('kata') });
  });

  it('names the images that are missing, outdated, unfit, not registered, or pinned and lost', () => {
    const fit = (name: string, current = true) =>
      ({ name, state: 'fit', digest: `sha256:${name}`, bytes: 1, current }) as const;
    const noGpu = { name: 'python-cuda', state: 'missing' } as const;
    const all = [fit('scorer'), fit('python'), noGpu];
    const details = (...given: Parameters<typeof judgeImages>) =>
      judgeImages(...given).map(({ state, detail, remedy }) => `${state}: ${detail}: ${remedy}`);
    expect(judgeImages(all, { hasGpu: false })).toMatchObject([{ state: 'ok' }]);
    expect(details(all, { hasGpu: true })).toEqual([
      expect.stringMatching(/^warn: .*python-cuda.*npm run images -- --cuda$/),
    ]);
    expect(details([fit('scorer'), { name: 'python', state: 'missing' }, noGpu], { hasGpu: false })).toEqual([
      expect.stringMatching(/topk-python is not built yet: npm run images$/),
    ]);
    expect(details([fit('scorer', false), fit('python'), noGpu], { hasGpu: false })).toEqual([
      expect.stringMatching(/topk-scorer was built from what/),
    ]);
    const unfit = { name: 'python', state: 'unfit', problems: ['its user is root'] } as const;
    expect(details([fit('scorer'), { ...unfit, problems: [...unfit.problems] }, noGpu], { hasGpu: false })).toEqual([
      expect.stringMatching(/may not run code: its user is root: docker rmi topk-python/),
    ]);
    expect(details(all, { hasGpu: false, registered: ['sha256:scorer'] })).toEqual([
      expect.stringMatching(/topk-python is not registered/),
    ]);
    const lost = new Map([['sha256:gone', ['midterm/main']]]);
    expect(details(all, { hasGpu: false, lost })).toEqual([
      expect.stringMatching(/midterm\/main: pinned to sha256:gone/),
    ]);
  });

  it('tells a GPU that containers can’t have from none', () => {
    const listed = 'GPU 0: NVIDIA H100 (UUID: GPU-1)\n';
    expect(judgeGpus(listed, ['runc']).state).toBe('fail');
    expect(judgeGpus(listed, ['runc', 'nvidia'])).toMatchObject({ state: 'ok', detail: 'GPU 0: NVIDIA H100' });
    expect(judgeGpus(undefined, ['runc']).state).toBe('skipped');
  });

  it('judges disk, clock, migrations and Redis', () => {
    expect(judgeDisk('d', '/', 6 * 2 ** 30, 5 * 2 ** 30).state).toBe('ok');
    expect(judgeDisk('d', '/', 4 * 2 ** 30, 5 * 2 ** 30).state).toBe('warn');
    expect(judgeDisk('d', '/', 2 ** 29, 5 * 2 ** 30).state).toBe('fail');
    expect([0, -1500, 11_000].map((ms) => judgeClock(ms).state)).toEqual(['ok', 'warn', 'fail']);
    expect(judgeMigrations([]).state).toBe('ok');
    expect(judgeMigrations(['a']).state).toBe('fail');
    expect(judgePolicy('allkeys-lru').state).toBe('fail');
    expect(judgeAppending(false).state).toBe('warn');
  });

  it('goes on where one look fails, and says the remedy', async () => {
    const found = await look('Redis', 'start it', () => Promise.reject(new Error('it does not answer')));
    expect(describeFindings(found)).toMatch(/FAIL {2}Redis {2}it does not answer\n +→ start it/);
  });
});
