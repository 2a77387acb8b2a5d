import { text as textOf } from 'node:stream/consumers';
import { Duplex, type Readable } from 'node:stream';
import Docker from 'dockerode';
import { z } from 'zod';
import { Inspection, Waited, Stats, Info, PathStat } from './docker-answers.ts';
import { addressOf } from './docker-address.ts';

export type ContainerOptions = Docker.ContainerCreateOptions;

export interface ContainerState {
  readonly running: boolean;
  readonly oomKilled: boolean;
  readonly exitCode: number;
  readonly startedAt: string;
}

export interface Host {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly standard: string;
  readonly paths: ReadonlyMap<string, string>;
}

export interface Found {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ContainerUsage {
  /** Without the page cache that the kernel would give back at once. */
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

/** A call to the daemon failed: `status` is the HTTP status, undefined where no answer came. */
export class EngineError extends Error {
  readonly status: number | undefined;
  constructor(what: string, status: number | undefined, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message.trim() : String(cause)}`, { cause });
    this.status = status;
  }
}

/** Creating, starting and removing wait for the disk and for other containers. */
const usualDeadlines = { shortMs: 15_000, longMs: 60_000 };

export type Engine = ReturnType<typeof openEngine>;

/**
 * The part of Docker's Engine API that the sandbox uses. Each call has a deadline: a daemon that hangs breaks a run, never the worker.
 * @param host as in DOCKER_HOST; where it is not given, what DOCKER_HOST says, or the system's socket
 */
export function openEngine(host?: string, { shortMs, longMs } = usualDeadlines) {
  const docker = new Docker(host === undefined ? {} : addressOf(host));
  const container = (id: string) => docker.getContainer(id);

  return {
    async ping(): Promise<void> {
      await bounded('ping', shortMs, async (): Promise<unknown> => docker.ping());
    },

    /** What the daemon has: its machine's processors and bytes of memory, and runtimes by name, with the program's path where it tells that. */
    async host(): Promise<Host> {
      const info = Info.parse(await bounded('info', shortMs, async (): Promise<unknown> => docker.info()));
      const paths = Object.entries(info.Runtimes).map(([name, { path }]) => [name, path ?? name] as const);
      return { cpus: info.NCPU, memoryBytes: info.MemTotal, standard: info.DefaultRuntime, paths: new Map(paths) };
    },

    /** @returns the new container's id; rejects with status 409 where the name is taken */
    async create(name: string, options: ContainerOptions): Promise<string> {
      const made = await bounded('create', longMs, async (abortSignal) =>
        docker.createContainer({ ...options, name, abortSignal }),
      );
      return made.id;
    },

    async start(id: string): Promise<void> {
      await bounded('start', longMs, async (abortSignal): Promise<unknown> => container(id).start({ abortSignal }));
    },

    /** The standard input and output of a container with an open input, as one stream. What it prints must be read: the daemon waits for it. */
    async attach(id: string): Promise<Duplex> {
      const query = { stream: true, stdin: true, stdout: true, hijack: true };
      const answer = await bounded('attach', shortMs, async (abortSignal): Promise<unknown> =>
        container(id).attach({ ...query, abortSignal }),
      );
      if (answer instanceof Duplex) return answer;
      throw new EngineError('attach', undefined, 'the daemon gave no stream');
    },

    /** Rejects with status 409 where the name is taken. */
    async rename(id: string, name: string): Promise<void> {
      await bounded('rename', shortMs, async (abortSignal): Promise<unknown> =>
        container(id).rename({ name, abortSignal }),
      );
    },

    /** @returns the exit code, once the container does not run any more */
    async wait(id: string, timeoutMs: number, signal?: AbortSignal): Promise<number> {
      const answer = await bounded(
        'wait',
        timeoutMs,
        async (abortSignal): Promise<unknown> => container(id).wait({ abortSignal }),
        signal,
      );
      const { StatusCode, Error: failure } = Waited.parse(answer);
      if (failure) throw new EngineError('wait', undefined, failure.Message);
      return StatusCode;
    },

    async inspect(id: string): Promise<ContainerState | undefined> {
      const answer = await absent(
        bounded('inspect', shortMs, async (abortSignal) => container(id).inspect({ abortSignal })),
      );
      if (answer === undefined) return undefined;
      const { State: state } = Inspection.parse(answer);
      return {
        running: state.Running,
        oomKilled: state.OOMKilled,
        exitCode: state.ExitCode,
        startedAt: state.StartedAt,
      };
    },

    /** @returns whether it ran until now; a container that had ended, or is gone, is no error */
    async kill(id: string): Promise<boolean> {
      try {
        await bounded('kill', shortMs, async (abortSignal): Promise<unknown> =>
          container(id).kill({ signal: 'SIGKILL', abortSignal }),
        );
        return true;
      } catch (error) {
        if (error instanceof EngineError && (error.status === 404 || error.status === 409)) return false;
        throw error;
      }
    },

    /** Whether the daemon has told of a process in it that the kernel killed for memory. What it hears after the container's end is not in `inspect`. */
    async sawOutOfMemory(id: string, since: Date): Promise<boolean> {
      const filters = JSON.stringify({ container: [id], event: ['oom'] });
      const query = { since: Math.floor(since.getTime() / 1000) - 60, until: Date.now() / 1000, filters };
      const read = async (abortSignal: AbortSignal) => {
        const events = readable(await docker.getEvents({ ...query, abortSignal }));
        return events === undefined ? '' : await textOf(events);
      };
      return (await bounded('events', shortMs, read)).trim() !== '';
    },

    /** Kills and removes it. Harmless where it is gone. */
    async remove(id: string): Promise<void> {
      await absent(
        bounded('remove', longMs, async (abortSignal): Promise<unknown> =>
          container(id).remove({ force: true, v: true, abortSignal }),
        ),
      );
    },

    /** Unpacks a tar below `path`, which must be writable and there. */
    async putArchive(id: string, path: string, tar: Readable, timeoutMs: number): Promise<void> {
      try {
        await bounded('put', timeoutMs, async (abortSignal) => container(id).putArchive(tar, { path, abortSignal }));
      } finally {
        tar.destroy();
      }
    },

    /** A tar of what lies at `path`; undefined where nothing does. The stream ends in an error at the deadline: read it to its end or destroy it. */
    async getArchive(id: string, path: string, timeoutMs: number, signal?: AbortSignal): Promise<Readable | undefined> {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(new Error(`no whole archive within ${timeoutMs} ms`)), timeoutMs);
      const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
      const read = async () => container(id).getArchive({ path, abortSignal: both });
      try {
        const stream = readable(await absent(bounded('get', timeoutMs, read, both)));
        const stop = () => stream?.destroy(new Error(`the archive of ${path} was cut off`));
        both.addEventListener('abort', stop, { once: true });
        const done = () => {
          clearTimeout(timer);
          both.removeEventListener('abort', stop);
        };
        if (stream === undefined) done();
        else stream.once('close', done);
        return stream;
      } catch (error) {
        clearTimeout(timer);
        throw error;
      }
    },

    /** Size and time of change of what lies at `path`; undefined where nothing does. Far cheaper than an archive. */
    async stat(
      id: string,
      path: string,
      signal?: AbortSignal,
    ): Promise<{ bytes: number; changed: string } | undefined> {
      const read = async (abortSignal: AbortSignal): Promise<unknown> =>
        container(id).infoArchive({ path, abortSignal });
      const answer = await absent(bounded('stat', shortMs, read, signal));
      if (answer === undefined) return undefined;
      readable(answer)?.resume();
      const { headers } = z
        .object({ headers: z.looseObject({ 'x-docker-container-path-stat': z.string() }) })
        .parse(answer);
      const text = Buffer.from(headers['x-docker-container-path-stat'], 'base64').toString();
      const stat = PathStat.parse(JSON.parse(text));
      return { bytes: stat.size, changed: stat.mtime };
    },

    /** What a running container uses; undefined where it does not run any more. */
    async usage(id: string, signal?: AbortSignal): Promise<ContainerUsage | undefined> {
      const query = (abortSignal: AbortSignal) => ({ stream: false, 'one-shot': true, abortSignal }) as const;
      const read = async (abortSignal: AbortSignal): Promise<unknown> => container(id).stats(query(abortSignal));
      const stats = Stats.parse(await bounded('stats', shortMs, read, signal));
      const { usage, stats: parts = {} } = stats.memory_stats;
      if (usage === undefined) return undefined;
      // The first is cgroup v1's name, the second v2's.
      const cache = parts['total_inactive_file'] ?? parts['inactive_file'] ?? 0;
      return { memoryBytes: Math.max(0, usage - cache), cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9 };
    },

    /** All containers, running or not, that carry the label or mount the volume. */
    async listContainers(filter: { label: string } | { volume: string }): Promise<readonly Found[]> {
      const filters = 'label' in filter ? { label: [filter.label] } : { volume: [filter.volume] };
      const list = await bounded('list', shortMs, async (abortSignal) =>
        docker.listContainers({ all: true, filters, abortSignal }),
      );
      return list.map(({ Id, Names, Labels }) => ({
        id: Id,
        name: (Names[0] ?? '').replace(/^\//, ''),
        labels: Labels,
      }));
    },

    async listVolumes(label: string): Promise<readonly Found[]> {
      const filters = { label: [label] };
      const list = await bounded('list', shortMs, async (abortSignal) => docker.listVolumes({ filters, abortSignal }));
      return (list.Volumes ?? []).map(({ Name, Labels }) => ({ id: Name, name: Name, labels: Labels ?? {} }));
    },

    /** @returns whether it is gone: false where a container still mounts it */
    async removeVolume(name: string): Promise<boolean> {
      try {
        await absent(
          bounded('remove', longMs, async (abortSignal): Promise<unknown> =>
            docker.getVolume(name).remove({ abortSignal }),
          ),
        );
        return true;
      } catch (error) {
        if (error instanceof EngineError && error.status === 409) return false;
        throw error;
      }
    },
  };
}

/** Races the work against its deadline too: not every state of a request listens to its signal. */
async function bounded<T>(
  what: string,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const stopped = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } catch (error) {
    const status = z.object({ statusCode: z.number() }).safeParse(error).data?.statusCode;
    throw new EngineError(what, status, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    stopped.catch(() => undefined);
  }
}

/** Undefined where the daemon says that there is no such thing. */
async function absent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}

function readable(answer: unknown): Readable | undefined {
  return z.custom<Readable>((value) => typeof value === 'object' && value !== null && 'pipe' in value).safeParse(answer)
    .data;
}
