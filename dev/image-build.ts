import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { z } from 'zod';
import type { DockerApi, Progress } from './docker-api.ts';

const root = dirname(import.meta.dirname);
const graderImages = 'grader-images';

/** What one image is made of. */
export type Recipe = {
  /** As it is registered; the image is tagged `topk-<name>`. */
  name: string;
  /** Its context, below the root of the repository; `grader-images` where it is not given. */
  folder?: string;
  /** Globs below the folder; the first one is the Dockerfile. */
  inputs: readonly [string, ...string[]];
  /** What goes into the context beside the inputs. */
  more?: readonly Input[];
  /** Roughly, the first time. */
  takes: string;
};

export type Input = { path: string; content: Buffer; mode: number };

export type BuiltImage = { digest: string; bytes: number };

const Image = z.object({
  Id: z.string(),
  Size: z.number(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

export function tagOf(name: string): string {
  return `topk-${name}`;
}

/** The image if it is there and was made of what lies in the folder now. */
export async function findBuilt(docker: DockerApi, recipe: Recipe): Promise<BuiltImage | undefined> {
  const image = await findTagged(docker, recipe);
  if (image?.Config?.Labels?.['topk.inputs'] !== hashOf(await readInputs(recipe))) return undefined;
  return { digest: image.Id, bytes: image.Size };
}

async function findTagged(docker: DockerApi, { name }: Recipe): Promise<z.infer<typeof Image> | undefined> {
  return Image.optional().parse(await docker.find(`/images/${tagOf(name)}/json`));
}

/**
 * Builds the image, in the network of the host, since a daemon may have no other.
 * @param base what it is built on: the argument BASE; the Dockerfile's own where it is undefined
 * @throws the last lines of the build
 */
export async function buildImage(docker: DockerApi, recipe: Recipe, base: string | undefined): Promise<BuiltImage> {
  const files = await readInputs(recipe);
  const tar = pack();
  // The same bytes for the same files, so that the daemon's cache knows them again.
  for (const { path, content, mode } of files) tar.entry({ name: path, mode, mtime: new Date(0) }, content);
  tar.finalize();
  const query = new URLSearchParams({
    t: tagOf(recipe.name),
    dockerfile: recipe.inputs[0],
    buildargs: JSON.stringify({ ...(base === undefined ? {} : { BASE: base }), ...proxies() }),
    labels: JSON.stringify({
      [recipe.folder === undefined ? 'topk.image' : 'topk.part']: recipe.name,
      'topk.inputs': hashOf(files),
    }),
    networkmode: 'host',
    rm: 'true',
    forcerm: 'true',
  });
  const lines: string[] = [];
  const listen = ({ stream }: Progress) => {
    if (stream?.trim()) lines.push(stream.trimEnd());
  };
  try {
    await docker.send(`/build?${query.toString()}`, Readable.from(tar), listen, 1_800_000);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${tagOf(recipe.name)} could not be built: ${why}\n${lines.slice(-15).join('\n')}`, {
      cause: error,
    });
  }
  // Whatever was sent is what it is made of, also where a file has changed since.
  const built = await findTagged(docker, recipe);
  if (built === undefined) throw new Error(`${tagOf(recipe.name)} is not there although it was built`);
  return { digest: built.Id, bytes: built.Size };
}

async function readInputs({ folder = graderImages, inputs, more = [] }: Recipe): Promise<Input[]> {
  const context = join(root, folder);
  const files: Input[] = [];
  for (const pattern of inputs) {
    const paths: string[] = [];
    for await (const path of glob(pattern, { cwd: context })) paths.push(path);
    if (paths.length === 0) throw new Error(`${folder}/${pattern} is missing`);
    for (const path of paths.toSorted()) {
      // A clone's own modes depend on the umask of whoever made it.
      files.push({
        path,
        content: await readFile(join(context, path)),
        mode: path.endsWith('/topk-run') ? 0o755 : 0o644,
      });
    }
  }
  return [...files, ...more];
}

function hashOf(files: Input[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest('hex');
}

/** The arguments that every Dockerfile knows unasked, and that are not kept in the image. */
function proxies(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
