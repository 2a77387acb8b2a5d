import { z } from 'zod';
import { oneRow, type Queryable } from '../../core/db/sql.ts';

/**
 * What an archive is: a tar of `archive.json`, then `rows.jsonl`, then `files/<SHA-256>`. The rows are as Postgres writes them as JSON, each after
 * those that it refers to, but for references that may be empty.
 */
export const Manifest = z.object({
  format: z.literal('topk-course-1'),
  course: z.string(),
  title: z.string(),
  madeAt: z.string(),
  /** The newest migration of the database that it comes from: rows fit the tables of no other. */
  migration: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

/** A line of `rows.jsonl`. */
export const ArchivedRow = z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) });

/** What of an account is in an archive. */
export const ArchivedAccount = z.object({
  id: z.number().int(),
  email: z.string().min(3).max(320),
  name: z.string().max(500),
});

export const manifestName = 'archive.json';
export const rowsName = 'rows.jsonl';
export const filesFolder = 'files/';

const Newest = z.object({ migration: z.string() });

/** The newest migration that was applied. */
export async function readMigration(client: Queryable): Promise<string> {
  const query =
    'select migration_name as migration from _prisma_migrations where finished_at is not null order by migration_name desc limit 1';
  return (await oneRow(client, Newest, query)).migration;
}
