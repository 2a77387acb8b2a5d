import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cageOptions } from '../../worker/executor/cage.ts';
import type { ContainerOptions, Engine } from '../../worker/executor/docker.ts';
import type { ShellSpec } from '../../worker/executor/executor.ts';

/** Makes one container for one program and waits for its end: what there is without us. @returns milliseconds, without its removal */
export type Bare = (command: readonly string[]) => Promise<number>;

/** The same container as a run's, with the program as its main process. */
function bareOptions(spec: ShellSpec, runtime: string, name: string): ContainerOptions {
  const volumes = { job: `${name}-job`, out: `${name}-out`, log: `${name}-log` };
  const inputs = { data: undefined, hidden: undefined };
  const parts = { uid: 20_999, runtime, gvisor: runtime.startsWith('runsc'), volumes, inputs, labels: {} };
  return cageOptions(spec, parts);
}

/** Through the API: create, start, wait. */
export function bareByApi(engine: Engine, spec: ShellSpec, runtime: string): Bare {
  return async (command) => {
    const name = `topk-bench-${randomBytes(6).toString('hex')}`;
    const startedMs = performance.now();
    try {
      const id = await engine.create(name, { ...bareOptions(spec, runtime, name), Entrypoint: [...command] });
      await engine.start(id);
      await engine.wait(id, 60_000);
      return performance.now() - startedMs;
    } finally {
      await remove(engine, name);
    }
  };
}

export function hasDockerProgram(): boolean {
  return spawnSync('docker', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** By the command line, as in the manual. @param dir for the seccomp profile, which the command line takes from a file */
export async function bareByProgram(
  engine: Engine,
  host: string,
  spec: ShellSpec,
  runtime: string,
  dir: string,
): Promise<Bare> {
  const run = promisify(execFile);
  const profile = join(dir, 'seccomp.json');
  const [text] = (bareOptions(spec, runtime, 'x').HostConfig?.SecurityOpt ?? []).flatMap((option: string) =>
    option.startsWith('seccomp=') ? [option.slice('seccomp='.length)] : [],
  );
  await writeFile(profile, text ?? '');
  return async (command) => {
    const name = `topk-bench-${randomBytes(6).toString('hex')}`;
    const flags = flagsOf(bareOptions(spec, runtime, name), profile);
    const [program = '', ...rest] = command;
    const args = ['-H', host, 'run', '--name', name, ...flags, '--entrypoint', program, spec.image, ...rest];
    try {
      const startedMs = performance.now();
      await run('docker', args, { timeout: 60_000 });
      return performance.now() - startedMs;
    } finally {
      await remove(engine, name);
    }
  };
}

async function remove(engine: Engine, name: string): Promise<void> {
  await engine.remove(name);
  for (const part of ['job', 'out', 'log']) await engine.removeVolume(`${name}-${part}`);
}

/** The options of a container as flags of `docker run`. */
function flagsOf(options: ContainerOptions, profile: string): string[] {
  const host = options.HostConfig ?? {};
  const flag = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    ...flag('user', options.User),
    ...flag('workdir', options.WorkingDir),
    ...flag('hostname', options.Hostname),
    ...(options.Env ?? []).flatMap((one) => flag('env', one)),
    ...flag('network', host.NetworkMode),
    ...flag('ipc', host.IpcMode),
    ...flag('runtime', host.Runtime),
    '--read-only',
    '--init',
    '--no-healthcheck',
    ...flag('memory', host.Memory),
    ...flag('memory-swap', host.MemorySwap),
    ...flag('cpus', (host.NanoCpus ?? 0) / 1e9),
    ...flag('pids-limit', host.PidsLimit ?? undefined),
    ...flag('shm-size', host.ShmSize),
    ...Object.entries(host.Tmpfs ?? {}).flatMap(([path, bounds]) => flag('tmpfs', `${path}:${bounds}`)),
    ...(host.Ulimits ?? []).flatMap(({ Name, Soft, Hard }) => flag('ulimit', `${Name}=${Soft}:${Hard}`)),
    ...flag('cap-drop', 'ALL'),
    ...flag('security-opt', 'no-new-privileges'),
    ...flag('security-opt', `seccomp=${profile}`),
    ...flag('log-driver', host.LogConfig?.Type),
    ...(host.Mounts ?? []).flatMap(({ Source, Target, ReadOnly, VolumeOptions }) => {
      const driver = Object.entries(VolumeOptions?.DriverConfig.Options ?? {});
      // Values with commas in them are quoted, as in CSV.
      const fields = driver.map(([name, value]) => `"volume-opt=${name}=${value}"`);
      const read = ReadOnly ? ['readonly'] : [];
      return flag(
        'mount',
        ['type=volume', `source=${Source}`, `target=${Target}`, 'volume-nocopy', ...read, ...fields].join(','),
      );
    }),
  ];
}
