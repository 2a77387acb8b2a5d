import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';

type Migration = { name: string; sql: string; checksum: string };

/** Prisma's own lock, so that `prisma migrate deploy` and this wait for each other. */
const migrationLock = 72_707_369;

const AppliedMigration = z.object({
  migration_name: z.string(),
  checksum: z.string(),
  finished_at: z.date().nullable(),
});

/**
 * Brings a database up to the newest migration and keeps the book as Prisma does (its table, its checksums), so that
 * `prisma migrate deploy` agrees. Prisma's own command downloads an engine; this needs none.
 * @returns the names of the migrations applied now, oldest first
 * @throws when an applied migration was edited, is missing here, or stopped half-way
 */
export async function migrate(databaseUrl: string, folder: string = import.meta.dirname): Promise<string[]> {
  const wanted = await readMigrations(join(folder, 'migrations'));
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`set lock_timeout = '60s'`);
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query(bookTable);
    const applied = await readBook(client);
    refuseDifference(wanted, applied);
    const missing = wanted.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    // Ends the session and with it the lock.
    await client.end();
  }
}

/** The names of the migrations that a database lacks, oldest first; changes nothing. */
export async function missingMigrations(databaseUrl: string, folder: string = import.meta.dirname): Promise<string[]> {
  const wanted = await readMigrations(join(folder, 'migrations'));
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query(`select to_regclass('_prisma_migrations') is not null as begun`);
    const [{ begun }] = z.tuple([z.object({ begun: z.boolean() })]).parse(rows);
    const applied: Book = begun ? await readBook(client) : new Map();
    return wanted.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

const bookTable = `
create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

type Book = Map<string, { checksum: string; finished: boolean }>;

async function readBook(client: Client): Promise<Book> {
  const { rows } = await client.query(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  );
  return new Map(
    AppliedMigration.array()
      .parse(rows)
      .map((row) => [row.migration_name, { checksum: row.checksum, finished: row.finished_at !== null }]),
  );
}

function refuseDifference(wanted: Migration[], applied: Book): void {
  const known = new Map(wanted.map((migration) => [migration.name, migration.checksum]));
  for (const [name, { checksum, finished }] of applied) {
    const expected = known.get(name);
    if (!finished)
      throw new Error(
        `migration ${name} stopped half-way in this database: repair it, then finish or roll it back with prisma migrate resolve`,
      );
    if (expected === undefined)
      throw new Error(
        `this database has migration ${name}, which this version does not know: it was used by a newer one`,
      );
    if (expected !== checksum)
      throw new Error(
        `migration ${name} was edited after it was applied to this database: restore the file and write a new migration instead`,
      );
  }
}

/** The script and its line in the book are one transaction: a failure leaves neither. */
async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

if (import.meta.main) {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('DATABASE_URL is not set');
  const names = await migrate(url);
  console.log(names.length === 0 ? 'no migration is missing' : `applied ${names.join(', ')}`);
}
