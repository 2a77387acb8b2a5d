import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { findDocker, privateHost, type Docker } from './docker.ts';
import { registerImages } from '../prisma/register-images.ts';
import { fitImages, lookAtImages, problemsOfImages } from './image-set.ts';

/** What an `npm start` has of Docker: perhaps nothing, perhaps only later. */
export type Sandbox = {
  /** What the worker is told. Waits a moment where Docker is just starting; the worker looks again by itself. */
  env(): Promise<Record<string, string>>;
  /** Registers the images that are there, once Docker is; says what training code waits for. Resolves when that is done or `stop` is called. */
  serve(databaseUrl: string): Promise<void>;
  /** Gives a daemon of our own back; it ends where nobody else uses it. */
  stop(): Promise<void>;
};

const patienceMs = 3000;
const lookEveryMs = 3000;

/** Looks for Docker while the servers start, so that it costs the start no time. */
export function openSandbox(dataDir: string, say: (line: string) => void): Sandbox {
  const { SANDBOX: wish, DOCKER_HOST: given, WORKER_NAME: name } = process.env;
  const stopped = new AbortController();
  let docker: Docker | undefined;
  let looking = wish === 'off' ? Promise.resolve() : look();

  async function look(): Promise<void> {
    docker = await findDocker(say).catch((error: unknown) => ({ unavailable: String(error) }));
  }

  return {
    async env() {
      if (wish === 'off') return {};
      await Promise.race([looking, sleep(patienceMs, undefined, { ref: false })]);
      return {
        DOCKER_HOST: hostOf(docker) ?? given ?? privateHost(),
        // A worker removes what it finds under its name: two instances on one machine must not have the same.
        WORKER_NAME:
          name ??
          `${hostname()
            .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
            .slice(0, 50)}-${shortHash(dataDir)}`,
      };
    },
    async serve(databaseUrl) {
      if (wish === 'off') return;
      await looking;
      const isLate = hostOf(docker) === undefined;
      if (isLate) {
        const why =
          docker !== undefined && 'unavailable' in docker ? docker.unavailable : 'there is no Docker here yet';
        // What is wrong with a daemon that was given is no matter of images.
        say(`training code waits (${why}): ${given ? 'it goes on by itself once that is done' : remedy}`);
      }
      while (hostOf(docker) === undefined) {
        await sleep(lookEveryMs, undefined, { ref: false, signal: stopped.signal });
        await (looking = look());
      }
      const host = hostOf(docker);
      if (host === undefined) return;
      const images = await lookAtImages(host);
      // Where Docker came late, npm run images has brought it and is building them.
      if (!isLate) for (const line of whatImagesLack(images)) say(line);
      for (const line of await register(databaseUrl, fitImages(images))) say(line);
    },
    async stop() {
      stopped.abort();
      await looking;
      if (docker !== undefined && 'host' in docker) await docker.stop();
    },
  };
}

const remedy = 'run npm run images once in another terminal, and it starts by itself';

function whatImagesLack(images: Parameters<typeof problemsOfImages>[0]): string[] {
  if (images.every(({ state }) => state === 'missing'))
    return [`training code waits (its images are not built yet): ${remedy}`];
  return problemsOfImages(images, false).map(({ detail, remedy: command }) => `${detail}: run ${command}`);
}

function hostOf(docker: Docker | undefined): string | undefined {
  return docker !== undefined && 'host' in docker ? docker.host : undefined;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

async function register(databaseUrl: string, images: Parameters<typeof registerImages>[1]): Promise<string[]> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  try {
    return await registerImages(pool, images);
  } finally {
    await pool.end();
  }
}
