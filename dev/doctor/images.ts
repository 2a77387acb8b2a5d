import { Client } from 'pg';
import { z } from 'zod';
import { problemsOfImages, type OwnImage } from '../image-set.ts';
import type { DockerApi } from '../docker-api.ts';
import type { Finding } from './finding.ts';

/** What a database says of images: those that may run code, and the phases that are pinned to one. */
export interface ImageBook {
  readonly registered: readonly string[];
  readonly pinned: readonly { readonly phase: string; readonly digest: string }[];
}

const patienceMs = 5_000;
const Registered = z.array(z.object({ digest: z.string() }));
const Pinned = z.array(z.object({ phase: z.string(), digest: z.string() }));

export async function readImageBook(connectionString: string): Promise<ImageBook> {
  const client = new Client({ connectionString, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs });
  await client.connect();
  try {
    const registered = await client.query('select digest from grader_image');
    const pinned = await client.query(
      `select competition.slug || '/' || phase.slug as phase, phase.image_digest as digest
       from phase
       join competition on competition.id = phase.competition_id
       where phase.image_digest is not null
       order by 1`,
    );
    return {
      registered: Registered.parse(registered.rows).map(({ digest }) => digest),
      pinned: Pinned.parse(pinned.rows),
    };
  } finally {
    await client.end();
  }
}

/** The digests that phases are pinned to and the daemon has not got, each with its phases. */
export async function findLost(api: DockerApi, { pinned }: ImageBook): Promise<Map<string, string[]>> {
  const lost = new Map<string, string[]>();
  for (const [digest, phases] of Map.groupBy(pinned, (one) => one.digest)) {
    if ((await api.find(`/images/${encodeURIComponent(digest)}/json`)) === undefined)
      lost.set(
        digest,
        phases.map(({ phase }) => phase),
      );
  }
  return lost;
}

/**
 * @param registered digests in the database; undefined where none could be asked
 * @param lost digests that phases are pinned to and that are not at the daemon
 */
export function judgeImages(
  images: readonly OwnImage[],
  {
    hasGpu,
    registered,
    lost,
  }: { hasGpu: boolean; registered?: readonly string[]; lost?: ReadonlyMap<string, string[]> },
): Finding[] {
  const fit = images.filter((image) => image.state === 'fit');
  const unknown = registered ? fit.filter(({ digest }) => !registered.includes(digest)) : [];
  const amiss = [
    ...problemsOfImages(images, hasGpu),
    ...unknown.map(({ name }) => ({
      detail: `the image topk-${name} is not registered in the database, so that nothing runs in it`,
      remedy: 'npm run images while npm start runs, or with DATABASE_URL',
    })),
    ...[...(lost ?? [])].map(([digest, phases]) => ({
      detail: `${phases.join(', ')}: pinned to ${digest.slice(0, 19)}…, which is not at this daemon`,
      remedy: 'bring that image back (docker load), or pin the phase anew: PATCH its runSettings with its image',
    })),
  ];
  if (amiss.length === 0) return [{ name: 'images', state: 'ok', detail: fit.map(({ name }) => name).join(', ') }];
  return amiss.map((one) => ({ name: 'images', state: 'warn', ...one }));
}
