import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import type { DockerApi } from '../docker-api.ts';
import type { Finding } from './finding.ts';
import { judgeDisk } from './machine.ts';

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemInfo */
export const DockerInfo = z.object({
  ServerVersion: z.string(),
  CgroupVersion: z.string().default('1'),
  CgroupDriver: z.string(),
  MemoryLimit: z.boolean(),
  SwapLimit: z.boolean(),
  PidsLimit: z.boolean().default(false),
  CpuCfsQuota: z.boolean(),
  Runtimes: z.record(z.string(), z.unknown()),
  DefaultRuntime: z.string(),
  SecurityOptions: z.array(z.string()).nullable(),
  DockerRootDir: z.string(),
  OSType: z.string(),
});
export type DockerInfo = z.infer<typeof DockerInfo>;

/** @param runtime what SANDBOX_RUNTIME says; undefined: the daemon's own choice */
export async function lookAtDocker(api: DockerApi, host: string, runtime: string | undefined): Promise<Finding[]> {
  const info = DockerInfo.parse(await api.find('/info'));
  return [...judgeDaemon(info, host, runtime), ...(await lookAtItsDisk(info, host))];
}

/** What a daemon says about itself, against what the sandbox needs of it. */
export function judgeDaemon(info: DockerInfo, host: string, runtime?: string): Finding[] {
  const limits = [
    ['memory', info.MemoryLimit],
    ['swap', info.SwapLimit],
    ['processes', info.PidsLimit],
    ['CPU time', info.CpuCfsQuota],
  ] as const;
  const missing = limits.filter(([, there]) => !there).map(([name]) => name);
  const runtimes = Object.keys(info.Runtimes).filter((name) => !name.startsWith('io.containerd.'));
  const seccomp = info.SecurityOptions?.some((option) => option.includes('seccomp')) ?? false;
  return [
    { name: 'Docker', state: 'ok', detail: `${info.ServerVersion} at ${host}` },
    missing.length === 0
      ? judgeCgroups(info)
      : {
          name: 'cgroups',
          state: missing.length === 1 && missing[0] === 'swap' ? 'warn' : 'fail',
          detail: `version ${info.CgroupVersion}: no limit of ${missing.join(', ')} can be set`,
          remedy: missing.includes('swap')
            ? 'start the kernel with cgroup_enable=memory swapaccount=1, or turn swap off'
            : 'use a kernel with these cgroup controllers, and mount them (with cgroup v2 they are)',
        },
    seccomp
      ? { name: 'seccomp', state: 'ok', detail: 'system calls can be filtered' }
      : {
          name: 'seccomp',
          state: 'fail',
          detail: 'the daemon can’t filter system calls',
          remedy: 'use a kernel with CONFIG_SECCOMP_FILTER and a daemon built with seccomp',
        },
    judgeRuntimes(runtimes, info.DefaultRuntime, runtime),
  ];
}

function judgeRuntimes(runtimes: readonly string[], standard: string, wanted: string | undefined): Finding {
  const there = `${runtimes.join(', ')} (default: ${standard})`;
  if (wanted !== undefined && !runtimes.includes(wanted))
    return {
      name: 'runtimes',
      state: 'fail',
      detail: `SANDBOX_RUNTIME is ${wanted}, which the daemon has not got; it has ${there}`,
      remedy: 'add it to "runtimes" in /etc/docker/daemon.json and restart Docker, or set SANDBOX_RUNTIME to another',
    };
  const detail = wanted === undefined ? there : `${there}; SANDBOX_RUNTIME: ${wanted}`;
  if (runtimes.includes('runsc')) return { name: 'runtimes', state: 'ok', detail };
  return {
    name: 'runtimes',
    state: 'warn',
    detail,
    remedy:
      'gVisor keeps students’ code off the kernel: install runsc, add it to "runtimes" in /etc/docker/daemon.json with "runtimeArgs": ["--network=none"], set SANDBOX_RUNTIME=runsc',
  };
}

/** Of a run on runc, version 1 counts no buffers of sockets, and runc sets no limit of them any more: its loopback can hold gigabytes of the host's. */
function judgeCgroups({ CgroupVersion: version, CgroupDriver: driver }: DockerInfo): Finding {
  const limits = `version ${version}, by ${driver}; all limits can be set`;
  if (version !== '1') return { name: 'cgroups', state: 'ok', detail: limits };
  return {
    name: 'cgroups',
    state: 'warn',
    detail: `${limits}, but what a program on runc keeps in sockets does not count as its memory`,
    remedy:
      'start the kernel with systemd.unified_cgroup_hierarchy=1 (version 2), or run code with SANDBOX_RUNTIME=runsc',
  };
}

/** Only where the daemon's files are on this machine. */
async function lookAtItsDisk({ DockerRootDir }: DockerInfo, host: string): Promise<Finding[]> {
  if (!host.startsWith('unix://')) return [];
  const disk = await statfs(DockerRootDir).catch(() => undefined);
  return disk === undefined ? [] : [judgeDisk('disk of Docker', DockerRootDir, disk.bavail * disk.bsize, 10 * 2 ** 30)];
}
