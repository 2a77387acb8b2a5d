import { buildBases } from './base-set.ts';
import { sayAs } from './child-log.ts';
import { ensureDocker } from './docker.ts';

const say = (line: string) => sayAs('topk', line);

/** `npm run bases`: makes the images that docker-compose.yml names, where no registry is reachable, and prints the lines for .env. */
async function bases(): Promise<void> {
  const docker = await ensureDocker(say);
  if ('unavailable' in docker) throw new Error(docker.unavailable);
  try {
    const built = await buildBases(docker.host, say);
    console.log(
      Object.entries(built)
        .map(([name, image]) => `${name}=${image}`)
        .join('\n'),
    );
  } finally {
    await docker.stop();
  }
}

try {
  await bases();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
