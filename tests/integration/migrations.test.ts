import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { schemaDifference } from '../../dev/schema-engine.ts';
import { migrate } from '../../prisma/migrate.ts';
import { createTestDatabase } from '../support/database.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

describe('the migrations', () => {
  it('make what schema.prisma describes', async () => {
    const described = await emptyDatabase();
    await query(described, await schemaDifference(undefined, readFileSync('prisma/schema.prisma', 'utf8'), described));
    const migrated = await emptyDatabase();
    await migrate(migrated);
    expect(await shapeOf(migrated)).toEqual(await shapeOf(described));
  });

  it('are applied once, also when two start at the same time', async () => {
    const url = await emptyDatabase();
    const applied = await Promise.all([migrate(url), migrate(url)]);
    expect(applied.filter((names) => names.length === 0).length).toBe(1);
    expect(await migrate(url)).toEqual([]);
    const rows = await query(url, 'select applied_steps_count, checksum from _prisma_migrations');
    expect(rows.length).toBe(applied.flat().length);
  });

  it('are refused when one was edited after it was applied', async () => {
    const { url, folder } = await migratedCopy();
    const path = join(folder, 'migrations/20261124000000_start/migration.sql');
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n-- later thought\n`);
    await expect(migrate(url, folder)).rejects.toThrow('20261124000000_start was edited after it was applied');
  });

  it('are refused when the database has one from a newer version', async () => {
    const { url, folder } = await migratedCopy();
    rmSync(join(folder, 'migrations/20261124000000_start'), { recursive: true });
    await expect(migrate(url, folder)).rejects.toThrow('used by a newer one');
  });

  it('leave nothing behind when one fails', async () => {
    const { url, folder } = await migratedCopy();
    cpSync(join(folder, 'migrations/20261124000000_start'), join(folder, 'migrations/99990101000000_bad'), {
      recursive: true,
    });
    writeFileSync(join(folder, 'migrations/99990101000000_bad/migration.sql'), 'create table half (); select 1 / 0;');
    await expect(migrate(url, folder)).rejects.toThrow('99990101000000_bad failed: division by zero');
    expect(await query(url, `select to_regclass('half') as half`)).toEqual([{ half: null }]);
  });
});

async function migratedCopy(): Promise<{ url: string; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'topk-migrations-'));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  cpSync('prisma/migrations', join(folder, 'migrations'), { recursive: true });
  const database = await createTestDatabase();
  cleanUps.push(database.drop);
  return { url: database.url, folder };
}

async function emptyDatabase(): Promise<string> {
  const { url, drop } = await createTestDatabase();
  await drop();
  const name = new URL(url).pathname.slice(1);
  await query(inject('postgresUrl'), `create database ${name}`);
  cleanUps.push(drop);
  return url;
}

/** Columns, indexes, foreign keys and enums: what Prisma knows of. Checks and triggers are the migrations' own. */
async function shapeOf(url: string): Promise<unknown[]> {
  return await query(
    url,
    `select 'column' as kind, table_name || '.' || column_name as name,
            concat_ws(' ', udt_name, character_maximum_length, datetime_precision, is_nullable, column_default) as detail
       from information_schema.columns where table_schema = 'public' and table_name <> '_prisma_migrations'
      union all
     select 'index', indexname, indexdef from pg_indexes where schemaname = 'public' and tablename <> '_prisma_migrations'
      union all
     select 'foreign key', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'f'
      union all
     select 'enum', typname, string_agg(enumlabel, ',' order by enumsortorder) from pg_enum join pg_type on pg_type.oid = enumtypid group by typname
      order by 1, 2`,
  );
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}
