import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openDockerApi } from './docker-api.ts';
import { ensureBase } from './image-base.ts';
import { buildImage, findBuilt, tagOf, type Input, type Recipe } from './image-build.ts';

/** The variables of docker-compose.yml that name an image, and what to set them to. */
export type Bases = { TOPK_NODE_IMAGE: string; TOPK_POSTGRES_IMAGE: string; TOPK_REDIS_IMAGE: string };

/**
 * Builds what docker-compose.yml would take from a registry, from Debian's and npm's packages.
 * @param compose also the image `topk-compose`, which holds Compose v2
 */
export async function buildBases(
  host: string,
  say: (line: string) => void,
  { compose = false }: { compose?: boolean } = {},
): Promise<Bases> {
  const docker = openDockerApi(host);
  const recipes: Recipe[] = [
    { name: 'postgres', folder: 'dev/bases/postgres', inputs: ['Dockerfile', 'entrypoint.sh'], takes: 'half a minute' },
    { name: 'valkey', folder: 'dev/bases/valkey', inputs: ['Dockerfile'], takes: 'half a minute' },
    {
      name: 'node',
      folder: 'dev/bases/node',
      inputs: ['Dockerfile'],
      more: await nodeAndNpm(),
      takes: 'half a minute',
    },
    ...(compose
      ? [{ name: 'compose', folder: 'dev/bases/compose', inputs: ['Dockerfile'], takes: 'half a minute' } as const]
      : []),
  ];
  for (const recipe of recipes) {
    if ((await findBuilt(docker, recipe)) !== undefined) continue;
    say(`building ${tagOf(recipe.name)} (${recipe.takes} the first time)`);
    await buildImage(docker, recipe, await ensureBase(docker, say));
  }
  return {
    TOPK_NODE_IMAGE: tagOf('node'),
    TOPK_POSTGRES_IMAGE: tagOf('postgres'),
    TOPK_REDIS_IMAGE: tagOf('valkey'),
  };
}

/** The Node that runs this, the npm that came with the machine, and the certificates that the machine trusts. */
async function nodeAndNpm(): Promise<Input[]> {
  const npmFolder = findNpm();
  const files: Input[] = [
    { path: 'node', content: await readFile(process.execPath), mode: 0o755 },
    { path: 'certificates.crt', content: await readCertificates(), mode: 0o644 },
  ];
  const paths: string[] = [];
  for await (const path of glob('**/*', { cwd: npmFolder, withFileTypes: true, exclude: ['man', 'docs'] })) {
    if (path.isFile()) paths.push(join(path.parentPath, path.name));
  }
  for (const path of paths.toSorted()) {
    files.push({ path: join('npm', path.slice(npmFolder.length + 1)), content: await readFile(path), mode: 0o644 });
  }
  return files;
}

/** npm tells the scripts that it runs where it is. */
function findNpm(): string {
  const program = process.env['npm_execpath'];
  if (program === undefined) throw new Error('run this by npm: npm run bases');
  // …/npm/bin/npm-cli.js
  return dirname(dirname(program));
}

/** Empty where the machine names none beside Node's own. */
async function readCertificates(): Promise<Buffer> {
  const path = process.env['npm_config_cafile'] || process.env['NODE_EXTRA_CA_CERTS'];
  return path ? await readFile(path) : Buffer.alloc(0);
}
