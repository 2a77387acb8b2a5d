import { Pool } from 'pg';
import { z } from 'zod';
import { execute, maybeRow, type Queryable } from '../core/db/sql.ts';

/** An image that was inspected and found fit. */
export type FitImage = { name: string; digest: string; bytes: number };

/**
 * Puts inspected images on the allow-list and pins to them the phases that want an image of that name and have none
 * yet: what waits in those starts by itself. Phases that are pinned stay with what they have.
 * @returns a sentence for each change; none where all was as it is
 */
export async function registerImages(db: Queryable, images: readonly FitImage[]): Promise<string[]> {
  const said: string[] = [];
  for (const { name, digest, bytes } of images) {
    const added = await execute(
      db,
      'insert into grader_image (digest, name, bytes) values ($1, $2, $3) on conflict (digest) do nothing',
      [digest, name, bytes],
    );
    if (added > 0) said.push(`registered the image ${name} (${short(digest)})`);
    const there = await maybeRow(
      db,
      z.object({ name: z.string() }),
      'select name from grader_image where digest = $1',
      [digest],
    );
    if (there !== undefined && there.name !== name) {
      said.push(`${short(digest)} is registered as ${there.name} already and keeps that name`);
      continue;
    }
    const pinned = await execute(
      db,
      `update phase set image_digest = $1
        where image_digest is null
          and run_settings ->> 'image' = $2`,
      [digest, name],
    );
    if (pinned > 0) said.push(`pinned ${pinned} phase${pinned === 1 ? '' : 's'} to the image ${name}`);
  }
  return said;
}

function short(digest: string): string {
  return digest.replace('sha256:', '').slice(0, 12);
}

const form = /^(?<name>[a-z0-9][a-z0-9-]{0,62})=(?<digest>sha256:[0-9a-f]{64}),(?<bytes>\d{1,15})$/;

/**
 * The command, for where the database can't be reached from the machine that built the images: `python=sha256:…,bytes scorer=…`, as
 * `npm run images` prints it. They have been inspected there.
 * @throws how to call it
 */
async function registerFrom(args: readonly string[], url: string): Promise<string[]> {
  const images = args.map((given) => {
    const { name, digest, bytes } = form.exec(given)?.groups ?? {};
    if (name === undefined || digest === undefined) throw new Error('give name=sha256:…,bytes for each image');
    return { name, digest, bytes: Number(bytes) };
  });
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    return await registerImages(pool, images);
  } finally {
    await pool.end();
  }
}

if (import.meta.main) {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('DATABASE_URL is not set');
  for (const line of await registerFrom(process.argv.slice(2), url)) console.log(line);
}
