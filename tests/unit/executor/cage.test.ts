import { describe, expect, it } from 'vitest';
import { RunLimits } from '../../../core/contract/runs.ts';
import { cageOptions, fillerOptions, holderOptions, type CageParts } from '../../../worker/executor/cage.ts';
import type { RunSpec } from '../../../worker/executor/executor.ts';

const parts: CageParts = {
  uid: 20_007,
  runtime: 'runc',
  gvisor: false,
  volumes: { job: 'j', out: 'o', log: 'l' },
  inputs: { data: 'd', hidden: 'h' },
  labels: { 'topk.worker': 'w' },
};
const limits = RunLimits.parse({ memoryMiB: 1000, cpus: 1.5, processes: 100, outputMiB: 7, outputFiles: 11 });
const set = (hash: string) => ({ hash, files: [] });
const spec = { image: 'sha256:1', limits, gpus: [], inputs: { data: set('d'), hidden: set('h') } };

const wideLimits = { ...limits, Privileged: true, CapAdd: ['ALL'] };
const wideInputs = { ...spec.inputs, Binds: ['/:/host'] };

const more = {
  HostConfig: { Privileged: true, Binds: ['/:/host'] },
  Privileged: true,
  Volumes: { '/smuggled': {} },
  limits: wideLimits,
  inputs: wideInputs,
};

/** Whatever a caller may have slipped into a spec. */
const smuggled: RunSpec = {
  ...spec,
  name: 'smuggled-name',
  labels: { smuggled: 'label' },
  job: [],
  command: ['smuggled-command'],
  env: { SMUGGLED: '1' },
  outputs: [],
  ...more,
};

describe('a cage', () => {
  const options = cageOptions(spec, parts);
  const host = options.HostConfig ?? {};

  it('has exactly these options, and no caller can add one', () => {
    expect(Object.keys(options).sort()).toEqual(
      [
        'AttachStderr AttachStdin AttachStdout Cmd Entrypoint Env Healthcheck HostConfig Hostname Image Labels',
        'NetworkDisabled OpenStdin StopSignal StopTimeout Tty User WorkingDir',
      ].flatMap((names) => names.split(' ')),
    );
    expect(Object.keys(host).sort()).toEqual(
      [
        'CapDrop Init IpcMode LogConfig Memory MemorySwap Mounts NanoCpus NetworkMode PidsLimit ReadonlyRootfs',
        'Runtime SecurityOpt ShmSize Tmpfs Ulimits',
      ].flatMap((names) => names.split(' ')),
    );
    expect(cageOptions(smuggled, parts)).toEqual(options);
  });

  it('has no network, no rights, no root, and no way to get any', () => {
    expect(options).toMatchObject({ NetworkDisabled: true, User: '20007:20007', Tty: false, OpenStdin: false });
    expect(host).toMatchObject({
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      IpcMode: 'private',
      Init: true,
      LogConfig: { Type: 'none' },
    });
    expect(host.SecurityOpt?.[0]).toBe('no-new-privileges');
    expect(host.SecurityOpt?.[1]).toMatch(/^seccomp=\{/);
    expect(host.SecurityOpt).toHaveLength(2);
    // An empty list there would take Docker's own masks off.
    expect(host).not.toHaveProperty('MaskedPaths');
    expect(host).not.toHaveProperty('ReadonlyPaths');
  });

  it('has a limit for everything', () => {
    expect(host).toMatchObject({
      Memory: 1000 * 2 ** 20,
      MemorySwap: 1000 * 2 ** 20,
      NanoCpus: 1.5e9,
      PidsLimit: 102,
      ShmSize: 256 * 2 ** 20,
    });
    expect(host.Tmpfs).toEqual({ '/tmp': 'rw,exec,nosuid,nodev,mode=1777,size=512m,nr_inodes=65536' });
    expect(host.Ulimits?.map(({ Name }) => Name)).toEqual(['core', 'nofile', 'fsize', 'memlock']);
    expect(options.Env).toEqual(
      expect.arrayContaining(['OMP_NUM_THREADS=2', 'MKL_NUM_THREADS=2', 'OPENBLAS_NUM_THREADS=2']),
    );
  });

  it('mounts volumes alone, those it may write to bounded in bytes and files, and all others read-only', () => {
    const mounts = (host.Mounts ?? []).map(({ Type, Source, Target, ReadOnly, VolumeOptions }) => ({
      what: `${Type} ${Source} ${Target} ${ReadOnly ? 'ro' : 'rw'}`,
      bounds: VolumeOptions?.DriverConfig.Options['o'] ?? '',
    }));
    expect(mounts.map(({ what }) => what)).toEqual([
      'volume j /topk/job ro',
      'volume o /topk/run/out rw',
      'volume l /topk/run/log rw',
      'volume d /topk/data ro',
      'volume h /topk/hidden ro',
    ]);
    expect(mounts[1]?.bounds).toBe('nosuid,nodev,size=8388608,nr_inodes=28,mode=0755,uid=20007,gid=20007');
    expect(mounts[2]?.bounds).toMatch(/^nosuid,nodev,size=\d+,nr_inodes=32,/);
    // The holder fills it under the cage's uid; for the cage it is read-only.
    expect(mounts[0]?.bounds).toMatch(/size=4g,nr_inodes=100000,mode=0755,uid=20007,gid=20007$/);
  });

  it('counts processes inside gVisor, whose own threads the host counts', () => {
    const gvisor = cageOptions(spec, { ...parts, runtime: 'runsc', gvisor: true }).HostConfig;
    expect(gvisor?.Runtime).toBe('runsc');
    expect(gvisor?.Ulimits).toContainEqual({ Name: 'nproc', Soft: 102, Hard: 102 });
  });

  it('sees no hidden inputs that it is not given', () => {
    const { HostConfig, Env } = cageOptions(
      { ...spec, inputs: { data: set('d') } },
      { ...parts, inputs: { data: 'd', hidden: undefined } },
    );
    expect(JSON.stringify([HostConfig?.Mounts, Env])).not.toMatch(/hidden/i);
  });
});

it('keeps what stands beside a cage as small: no network, no rights, no inputs', () => {
  for (const options of [holderOptions(spec, parts), fillerOptions('sha256:1', 'd', {})]) {
    expect(options).toMatchObject({ NetworkDisabled: true, Tty: false });
    expect(options.HostConfig).toMatchObject({
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      LogConfig: { Type: 'none' },
    });
    expect(options.HostConfig).not.toHaveProperty('Binds');
  }
  expect(JSON.stringify(holderOptions(spec, parts))).not.toMatch(/hidden|topk\/data/);
});
