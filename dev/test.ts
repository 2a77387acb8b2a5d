import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { buildAll } from './build.ts';
import { check } from './check.ts';
import { findChromium } from './chromium.ts';
import { ensureDocker } from './docker.ts';
import { NoBase } from './image-base.ts';
import { buildImages } from './image-set.ts';

const root = dirname(import.meta.dirname);

/** `npm test [vitest's arguments]`: every check, then every test. With arguments, those tests alone. */
async function test(args: string[]): Promise<boolean> {
  const docker = await dockerOrNothing(args);
  try {
    const checked = args.length > 0 || (await check());
    await buildAll(console.log);
    const images = await docker.images;
    if (images !== undefined) console.log(`the tests with Docker are left out: ${images.message}`);
    // Images that can't be had here are no fault; ours that don't build, or may not run code, are one.
    const built = images === undefined || !images.broken;
    const env = {
      ...process.env,
      TOPK_CHROMIUM: chromiumOrNothing(),
      TOPK_TEST_DOCKER: images === undefined ? docker.host : '',
    };
    const tested = await runVitest(['run', ...args], env);
    if (!checked) console.log('npm run check found something: see the top');
    if (!built) console.log(`the images could not be built: ${images.message}`);
    return checked && tested && built;
  } finally {
    await docker.stop();
  }
}

type TestedDocker = {
  host: string;
  /** Built beside the checks; why they are not there, and whether that is our own fault. */
  images: Promise<{ message: string; broken: boolean } | undefined>;
  stop(): Promise<void>;
};

/** The tests with Docker skip themselves where there is none; for a few named tests none is set up that they don't name. */
async function dockerOrNothing(args: string[]): Promise<TestedDocker> {
  const wanted = args.length === 0 || args.some((arg) => /docker|e2e/.test(arg));
  const docker = wanted ? await ensureDocker(console.log) : { unavailable: 'they were not asked for' };
  if ('unavailable' in docker) {
    const images = Promise.resolve({ message: docker.unavailable, broken: false });
    return { host: '', images, stop: async () => {} };
  }
  const images = buildImages(docker.host, console.log).then(
    () => undefined,
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      return { message, broken: !(error instanceof NoBase) && !noPackages.test(message) };
    },
  );
  return { ...docker, images };
}

/** What apt says in a build where Debian's packages can't be reached. */
const noPackages = /temporary failure resolving|could not (?:connect|resolve)|unable to connect|failed to fetch/i;

/** The browser tests skip themselves, aloud, where no browser can be had. */
function chromiumOrNothing(): string {
  try {
    return findChromium(console.log);
  } catch (error) {
    console.log(`the browser tests are left out: ${error instanceof Error ? error.message : String(error)}`);
    return '';
  }
}

/** Stays until vitest is gone, so that its clean-up is not cut off; a Ctrl-C reaches vitest by itself. */
function runVitest(args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin/vitest'), args, { cwd: root, env, stdio: 'inherit' });
    process.on('SIGINT', () => {});
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0));
  });
}

try {
  process.exit((await test(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  console.error(`topk: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
