import { pack } from 'tar-stream';
import { z } from 'zod';
import { readMigration } from '../../api/archive/format.ts';
import { chunksOf } from '../../core/chunks.ts';
import { oneRow } from '../../core/db/sql.ts';
import type { System } from './system.ts';

/** A tar, as it is sent. Text alone goes through a string unharmed. */
export async function tarOf(entries: Readonly<Record<string, string>>): Promise<string> {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content);
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(chunksOf(tar))).toString();
}

/** The archive of a course with nothing in it, which this system takes. */
export async function emptyCourseArchive(system: Pick<System, 'db'>, slug: string): Promise<string> {
  return await tarOf({
    'archive.json': JSON.stringify(await manifestOf(system)),
    'rows.jsonl': `${await courseLine(system, slug)}\n`,
  });
}

/** The row of a course that is there, under another slug. */
export async function courseLine({ db }: Pick<System, 'db'>, slug: string): Promise<string> {
  const Found = z.object({ row: z.record(z.string(), z.unknown()) });
  const { row } = await oneRow(db.pool, Found, 'select to_jsonb(course) as row from course order by id limit 1');
  return JSON.stringify({ table: 'course', row: { ...row, id: 1, slug } });
}

export async function manifestOf({ db }: Pick<System, 'db'>): Promise<Record<string, string>> {
  const migration = await readMigration(db.pool);
  return { format: 'topk-course-1', course: 'a', title: 'A', madeAt: '2026-12-01T00:00:00Z', migration };
}
