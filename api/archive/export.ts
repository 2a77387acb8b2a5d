import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { z } from 'zod';
import type { Scratch } from '../../core/blobs/store.ts';
import { transaction, type Queryable } from '../../core/db/sql.ts';
import type { Course } from '../../core/db/generated/client.ts';
import type { Log } from '../../core/log.ts';
import type { Services } from '../services.ts';
import { filesFolder, manifestName, readMigration, rowsName, type Manifest } from './format.ts';
import { pagesOf } from './pages.ts';
import { courseTables } from './tables.ts';

type Exporting = Pick<Services, 'db' | 'blobs'>;

/**
 * Writes a course's rows, all of one moment, to the disk, then sends them with the files that they name.
 * The stream ends early, with an error, where the disk does.
 */
export async function archiveOf(
  { db, blobs }: Exporting,
  course: Course,
  now: Date,
  log: Pick<Log, 'error'>,
): Promise<Readable> {
  const scratch = blobs.scratch(false);
  try {
    const hashes = new Set<string>();
    const migration = await transaction(db.pool, async (client) => {
      await client.query('set transaction isolation level repeatable read, read only');
      await scratch.put(linesOf(client, course.id, hashes), Number.MAX_SAFE_INTEGER);
      return await readMigration(client);
    });
    const manifest: Manifest = {
      format: 'topk-course-1',
      course: course.slug,
      title: course.title,
      madeAt: now.toISOString(),
      migration,
    };
    const tar = pack();
    void fill(tar, blobs, { manifest, scratch, hashes }).catch((error: unknown) => {
      log.error({ err: error }, 'an archive was not sent to its end');
      tar.destroy(error instanceof Error ? error : new Error('the archive broke'));
    });
    // tar-stream's own streams are not Node's.
    return Readable.from(tar);
  } catch (error) {
    await scratch.discard();
    throw error;
  }
}

const sha256 = /\b[0-9a-f]{64}\b/g;
const Line = z.object({ line: z.string() });

/** The accounts that the course knows, then its tables. Notes every SHA-256 that is in a row: those that are files go along. */
async function* linesOf(client: Queryable, courseId: number, hashes: Set<string>): AsyncGenerator<Buffer> {
  const tables = await courseTables(client);
  const people = tables.flatMap(({ name, references, condition }) =>
    references
      .filter(({ table }) => table === 'user')
      .map(({ column }) => `select "${column}" from "${name}" where ${condition}`),
  );
  const accounts = `select id, email, name from "user" where id in (${people.join(' union ')}) order by id`;
  const queries = [
    { name: 'user', query: accounts },
    ...tables.map(({ name, primaryKey, condition }) => {
      const order = primaryKey.map((column) => `"${column}"`).join(', ');
      return { name, query: `select * from "${name}" where ${condition} order by ${order}` };
    }),
  ];
  for (const { name, query } of queries) {
    const lines = `select to_jsonb(found)::text as line from (${query}) as found`;
    for await (const page of pagesOf(client, Line, lines, courseId)) {
      const text = page.map(({ line }) => `{"table":${JSON.stringify(name)},"row":${line}}\n`).join('');
      for (const [hash] of text.matchAll(sha256)) hashes.add(hash);
      yield Buffer.from(text);
    }
  }
}

interface Contents {
  readonly manifest: Manifest;
  readonly scratch: Scratch;
  readonly hashes: ReadonlySet<string>;
}

async function fill(tar: Pack, blobs: Services['blobs'], { manifest, scratch, hashes }: Contents): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      tar.entry({ name: manifestName }, `${JSON.stringify(manifest, undefined, 2)}\n`, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    await addFile(tar, rowsName, scratch.path);
    for (const hash of hashes) await addFile(tar, `${filesFolder}${hash}`, blobs.path(hash));
    tar.finalize();
  } finally {
    await scratch.discard();
  }
}

/** What is no file here (the hash of something else, or a file that was lost) is passed over. */
async function addFile(tar: Pack, name: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  await pipeline(createReadStream(path), tar.entry({ name, size: found.size }));
}
