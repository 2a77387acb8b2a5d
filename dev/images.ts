import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { sayAs } from './child-log.ts';
import { checkGivenServers } from './given.ts';
import { ensureDocker } from './docker.ts';
import { registerImages, type FitImage } from '../prisma/register-images.ts';
import { buildImages, hasGpuRuntime, inspectOwnImage } from './image-set.ts';
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';

const usage = 'npm run images [-- --cuda] or npm run images -- --add name=image';
const say = (line: string) => sayAs('topk', line);

/**
 * `npm run images`: builds the images that code runs in, with `--cuda` the one for GPUs too, and registers them in the
 * `npm start` that runs on this TOPK_DATA_DIR. `--add name=image` inspects and registers one of your own instead.
 */
async function images(args: string[]): Promise<void> {
  const { cuda, own } = readArguments(args);
  const settings = readSettings(process.env);
  const databaseUrl = settings.databaseUrl ?? (await findRunning(settings)).databaseUrl;
  if (databaseUrl !== undefined) await checkGivenServers({ databaseUrl, redisUrl: undefined });
  else if (own) throw new Error(`no npm start runs on ${settings.dataDir}: start it first, or give DATABASE_URL`);
  const docker = await ensureDocker(say);
  if ('unavailable' in docker) throw new Error(docker.unavailable);
  try {
    const fit = own ? [await inspectOwnImage(docker.host, own.name, own.image)] : await build(docker.host, cuda);
    if (databaseUrl === undefined) sayHowToRegister(fit);
    else for (const line of await register(databaseUrl, fit)) say(line);
  } finally {
    await docker.stop();
  }
}

function sayHowToRegister(fit: readonly FitImage[]): void {
  const list = fit.map(({ name, digest, bytes }) => `${name}=${digest},${bytes}`).join(' ');
  say('the images are there; the next npm start registers them');
  say(`in containers: docker compose exec api node prisma/register-images.ts ${list}`);
}

function readArguments(args: string[]): { cuda: boolean; own: { name: string; image: string } | undefined } {
  const { values } = parseArgs({ args, options: { cuda: { type: 'boolean' }, add: { type: 'string' } } });
  if (values.add === undefined) return { cuda: values.cuda ?? false, own: undefined };
  const { name, image } = /^(?<name>[a-z0-9][a-z0-9-]{0,62})=(?<image>.+)$/.exec(values.add)?.groups ?? {};
  if (name === undefined || image === undefined) throw new Error(`use: ${usage}`);
  return { cuda: false, own: { name, image } };
}

async function build(host: string, cuda: boolean): Promise<FitImage[]> {
  if (cuda || !(await hasGpuRuntime(host))) return await buildImages(host, say, { cuda });
  const plain = await buildImages(host, say);
  try {
    return await buildImages(host, say, { cuda: true });
  } catch (error) {
    say(`left out the image for GPUs: ${error instanceof Error ? error.message : String(error)}`);
    return plain;
  }
}

async function register(databaseUrl: string, fit: FitImage[]): Promise<string[]> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const said = await registerImages(pool, fit);
    return said.length > 0 ? said : ['all images were built and registered already'];
  } finally {
    await pool.end();
  }
}

try {
  await images(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
