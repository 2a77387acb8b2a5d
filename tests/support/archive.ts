import { pack } from 'tar-stream';
import { readMigration } from '../../api/archive/format.ts';
import { chunksOf } from '../../core/chunks.ts';
import type { System } from './system.ts';

/** A tar, as it is sent. Text alone goes through a string unharmed. */
export async function tarOf(entries: Readonly<Record<string, string>>): Promise<string> {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content);
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(chunksOf(tar))).toString();
}

/** The archive of a course with nothing in it, which this system takes. */
export async function emptyCourseArchive({ db }: Pick<System, 'db'>, slug: string): Promise<string> {
  const course = { id: 1, slug, title: 'A course', time_zone: 'UTC', created_at: '2026-09-01T00:00:00Z' };
  return await tarOf({
    'archive.json': JSON.stringify(await manifestOf({ db })),
    'rows.jsonl': `${JSON.stringify({ table: 'course', row: course })}\n`,
  });
}

export async function manifestOf({ db }: Pick<System, 'db'>): Promise<Record<string, string>> {
  const migration = await readMigration(db.pool);
  return { format: 'topk-course-1', course: 'a', title: 'A', madeAt: '2026-12-01T00:00:00Z', migration };
}
