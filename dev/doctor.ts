import { findDocker } from './docker.ts';
import { openDockerApi } from './docker-api.ts';
import { lookAtDocker } from './doctor/docker.ts';
import { describeFindings, look, type Finding } from './doctor/finding.ts';
import { lookAtGpus } from './doctor/gpus.ts';
import { findLost, judgeImages, readImageBook } from './doctor/images.ts';
import { lookAtMachine } from './doctor/machine.ts';
import { lookAtPostgres, lookAtRedis } from './doctor/servers.ts';
import { lookAtImages } from './image-set.ts';
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';

/** `npm run doctor`: looks at everything that Topk needs here and says the remedy for what is amiss. True where nothing fails. */
async function doctor(): Promise<boolean> {
  const settings = readSettings(process.env);
  const running = await findRunning(settings);
  const databaseUrl = settings.databaseUrl ?? running.databaseUrl;
  const redisUrl = settings.redisUrl ?? running.redisUrl;
  const findings = [
    ...(await look('data folder', 'set TOPK_DATA_DIR to a folder that you may write to', () =>
      lookAtMachine(settings.dataDir),
    )),
    ...(await lookForDocker(databaseUrl)),
    ...(databaseUrl === undefined
      ? [notRunning('Postgres')]
      : await look('Postgres', 'start it, or mend DATABASE_URL', () => lookAtPostgres(databaseUrl))),
    ...(redisUrl === undefined
      ? [notRunning('Redis')]
      : await look('Redis', 'start it, or mend REDIS_URL', () => lookAtRedis(redisUrl))),
  ];
  console.log(describeFindings(findings));
  return findings.every(({ state }) => state !== 'fail');
}

async function lookForDocker(databaseUrl: string | undefined): Promise<Finding[]> {
  const docker = await findDocker(() => {});
  if (docker === undefined || 'unavailable' in docker) {
    return [
      {
        name: 'Docker',
        state: 'warn',
        detail: docker?.unavailable ?? 'no daemon answers; predictions are scored, code that is submitted waits',
        remedy: 'npm run images (on Debian as root it installs Docker too), or install and start Docker',
      },
    ];
  }
  try {
    const api = openDockerApi(docker.host);
    const found = await look('Docker', 'look into the daemon’s log', async () => [
      ...(await lookAtDocker(api, docker.host, process.env['SANDBOX_RUNTIME'] || undefined)),
      await lookAtGpus(api),
    ]);
    const hasGpu = found.some(({ name, state }) => name === 'GPUs' && state !== 'skipped');
    const images = await look('images', 'npm run images', () => lookAtItsImages(docker.host, hasGpu, databaseUrl));
    return [...found, ...images];
  } finally {
    await docker.stop();
  }
}

async function lookAtItsImages(host: string, hasGpu: boolean, databaseUrl: string | undefined): Promise<Finding[]> {
  const images = await lookAtImages(host);
  // What is wrong with Postgres is told in its own place.
  const book = databaseUrl === undefined ? undefined : await readImageBook(databaseUrl).catch(() => undefined);
  if (book === undefined) return judgeImages(images, { hasGpu });
  return judgeImages(images, { hasGpu, registered: book.registered, lost: await findLost(openDockerApi(host), book) });
}

function notRunning(name: string): Finding {
  return { name, state: 'skipped', detail: 'no npm start runs on this data folder, and no address was given' };
}

try {
  process.exit((await doctor()) ? 0 : 1);
} catch (error) {
  console.error(`topk: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
