import type { ShellSpec } from './executor.ts';
import type { ContainerOptions } from './docker.ts';
import { holderProgram } from './holder-program.ts';
import { seccompProfile } from './seccomp.ts';

/** Where things are in a cage: the contract of the images. */
export const places = {
  job: '/topk/job',
  data: '/topk/data',
  hidden: '/topk/hidden',
  run: '/topk/run',
  out: '/topk/run/out',
  log: '/topk/run/log',
} as const;

/** What a cage and its holder are made of besides the spec. */
export interface CageParts {
  /** No other cage on this worker has it. */
  readonly uid: number;
  readonly runtime: string;
  /** gVisor counts processes itself; its own threads count for the host. */
  readonly gvisor: boolean;
  /** Names of the volumes. `data` and `hidden` are filled and held by somebody else. */
  readonly volumes: { readonly job: string; readonly out: string; readonly log: string };
  readonly inputs: { readonly data: string | undefined; readonly hidden: string | undefined };
  readonly labels: Readonly<Record<string, string>>;
}

const MiB = 2 ** 20;

/** Room beyond the limit in the output's volume, so that "over the limit" can be told from "at the limit". */
export const outputSlack = { bytes: MiB, files: 16 };

/** The whole of a student's container: nothing of it comes from anywhere else. */
export function cageOptions(spec: ShellSpec, parts: CageParts): ContainerOptions {
  const { limits, gpus } = spec;
  const { uid, volumes, inputs } = parts;
  // The init process and the runner are not the student's.
  const processes = limits.processes + 2;
  const largestFile = Math.max(limits.outputMiB, limits.tmpMiB, limits.shmMiB) * MiB + outputSlack.bytes;
  return {
    ...common(spec.image, parts.labels),
    User: `${uid}:${uid}`,
    WorkingDir: '/tmp',
    Entrypoint: ['topk-run', '--wait'],
    // A daemon that shuts down ends the holder at once and asks the cage in vain: so a run that it cut off never looks like one that ended.
    StopSignal: 'SIGURG',
    StopTimeout: 1,
    Env: environment(spec),
    HostConfig: {
      ...commonHost(),
      Runtime: parts.runtime,
      Init: true,
      Memory: limits.memoryMiB * MiB,
      MemorySwap: limits.memoryMiB * MiB,
      NanoCpus: Math.round(limits.cpus * 1e9),
      PidsLimit: parts.gvisor ? processes * 4 + 512 : processes,
      ShmSize: limits.shmMiB * MiB,
      // Compiled extensions are loaded from here, so it is not noexec, which would stop no Python program anyway.
      Tmpfs: { '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${limits.tmpMiB}m,nr_inodes=65536` },
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: 4096, Hard: 4096 },
        { Name: 'fsize', Soft: largestFile, Hard: largestFile },
        // Pinned memory is the GPU driver's business; without one nothing needs it.
        { Name: 'memlock', Soft: memlock(spec), Hard: memlock(spec) },
        // Outside gVisor a uid's processes are counted for the whole host, so the cgroup's limit is the one there.
        ...(parts.gvisor ? [{ Name: 'nproc', Soft: processes, Hard: processes }] : []),
      ],
      Mounts: [
        bounded(volumes.job, places.job, jobBounds, uid, true, parts.labels),
        bounded(volumes.out, places.out, outBounds(spec), uid, false, parts.labels),
        bounded(volumes.log, places.log, logBounds(spec), uid, false, parts.labels),
        ...(inputs.data === undefined ? [] : [kept(inputs.data, places.data, true, parts.labels)]),
        ...(inputs.hidden === undefined ? [] : [kept(inputs.hidden, places.hidden, true, parts.labels)]),
      ],
      ...(gpus.length === 0
        ? {}
        : {
            DeviceRequests: [{ Driver: 'nvidia', DeviceIDs: [...gpus], Capabilities: [['gpu', 'compute', 'utility']] }],
          }),
    },
  };
}

/** A container that keeps the run's volumes, which are memory, from vanishing with the cage, and through which they are filled and read. */
export function holderOptions(spec: ShellSpec, parts: CageParts): ContainerOptions {
  const { uid, volumes } = parts;
  return {
    ...common(spec.image, parts.labels),
    // The cage's: what a student's program left is read with no more rights than it had.
    User: `${uid}:${uid}`,
    StopSignal: 'SIGKILL',
    Entrypoint: ['python3', '-IS', '-c', holderProgram],
    OpenStdin: true,
    Env: ['NVIDIA_VISIBLE_DEVICES=void'],
    HostConfig: {
      ...commonHost(),
      // It runs nothing of a student's, and starts fastest so.
      Runtime: 'runc',
      Memory: 64 * MiB,
      MemorySwap: 64 * MiB,
      PidsLimit: 8,
      ShmSize: MiB,
      Mounts: [
        bounded(volumes.job, places.job, jobBounds, uid, false, parts.labels),
        bounded(volumes.out, places.out, outBounds(spec), uid, false, parts.labels),
        bounded(volumes.log, places.log, logBounds(spec), uid, false, parts.labels),
      ],
    },
  };
}

/** A container that is never started: through it a volume of input files is filled, and by its name that is known to be complete. */
export function fillerOptions(
  image: string,
  volume: string,
  labels: Readonly<Record<string, string>>,
): ContainerOptions {
  const options = common(image, labels);
  return {
    ...options,
    Entrypoint: ['sleep', '0'],
    HostConfig: { ...commonHost(), Mounts: [kept(volume, places.data, false, labels)] },
  };
}

function common(image: string, labels: Readonly<Record<string, string>>): ContainerOptions {
  return {
    Image: image,
    // The image's own would be appended to the entry point.
    Cmd: [],
    Labels: { ...labels },
    Hostname: 'topk',
    // No network namespace is plumbed then, which nearly halves the start; loopback is there.
    NetworkDisabled: true,
    Tty: false,
    OpenStdin: false,
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    Healthcheck: { Test: ['NONE'] },
  };
}

/** MaskedPaths and ReadonlyPaths are not named: a value there, even an empty one, replaces Docker's own masks. */
function commonHost() {
  return {
    NetworkMode: 'none',
    ReadonlyRootfs: true,
    IpcMode: 'private',
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges', `seccomp=${seccompProfile()}`],
    // What is printed goes to bounded files: every log driver costs the daemon a core under a flood.
    LogConfig: { Type: 'none', Config: {} },
  };
}

function environment({ limits, gpus, inputs }: ShellSpec): string[] {
  const threads = Math.max(1, Math.ceil(limits.cpus));
  return [
    `OMP_NUM_THREADS=${threads}`,
    `OPENBLAS_NUM_THREADS=${threads}`,
    `MKL_NUM_THREADS=${threads}`,
    'HOME=/tmp',
    `TOPK_JOB=${places.job}`,
    `TOPK_OUT=${places.out}`,
    ...(inputs.data === undefined ? [] : [`TOPK_DATA=${places.data}`]),
    ...(inputs.hidden === undefined ? [] : [`TOPK_HIDDEN=${places.hidden}`]),
    `TOPK_WALL_SECONDS=${limits.wallSeconds}`,
    `TOPK_LOG_KIB=${limits.logKiB}`,
    // CUDA images say "all", and a daemon whose standard runtime is nvidia's would obey.
    `NVIDIA_VISIBLE_DEVICES=${gpus.length === 0 ? 'void' : gpus.join(',')}`,
  ];
}

/** Bytes that a program may lock: 64 KiB, or all its memory for a GPU. */
function memlock({ limits, gpus }: ShellSpec): number {
  return gpus.length === 0 ? 65_536 : limits.memoryMiB * MiB;
}

/** Only the worker writes here, and what it writes has been measured. */
const jobBounds = 'size=4g,nr_inodes=100000,mode=0755';

function outBounds({ limits }: ShellSpec): string {
  const bytes = limits.outputMiB * MiB + outputSlack.bytes;
  // One for the folder itself.
  return `size=${bytes},nr_inodes=${limits.outputFiles + outputSlack.files + 1},mode=0755`;
}

function logBounds({ limits }: ShellSpec): string {
  return `size=${limits.logKiB * 1024 + 65_536},nr_inodes=32,mode=0755`;
}

type Mount = NonNullable<NonNullable<ContainerOptions['HostConfig']>['Mounts']>[number];

/** A volume in memory. Whoever mounts it first makes it, always with its bounds. */
function bounded(
  source: string,
  target: string,
  bounds: string,
  owner: number,
  readOnly: boolean,
  labels: Readonly<Record<string, string>>,
): Mount {
  const o = `nosuid,nodev,${bounds},uid=${owner},gid=${owner}`;
  return {
    Type: 'volume',
    Source: source,
    Target: target,
    ReadOnly: readOnly,
    VolumeOptions: {
      NoCopy: true,
      Labels: { ...labels },
      DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs', o } },
    },
  };
}

/** A volume on the daemon's disk. */
function kept(source: string, target: string, readOnly: boolean, labels: Readonly<Record<string, string>>): Mount {
  return {
    Type: 'volume',
    Source: source,
    Target: target,
    ReadOnly: readOnly,
    VolumeOptions: { NoCopy: true, Labels: { ...labels }, DriverConfig: { Name: 'local', Options: {} } },
  };
}
