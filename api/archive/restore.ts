import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { restoreCourse } from '../../core/contract/archive.ts';
import { execute, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { ArchivedAccount, ArchivedRow, readMigration } from './format.ts';
import { courseTables, type CourseTable } from './tables.ts';
import { rejected, unpack } from './unpack.ts';

type Restored = z.output<(typeof restoreCourse.schema.response)[201]>;

/**
 * Makes a course from an archive that lies at `path`: its files first, which harm nobody if the rest fails, then all rows or none.
 * @throws archive-rejected with the line where the archive is not one of this version or not whole; conflict where a slug is taken
 */
export async function restoreArchive(
  { db, blobs }: Pick<Services, 'db' | 'blobs'>,
  by: Actor,
  path: string,
  suffix: string,
): Promise<Restored> {
  const lines = blobs.scratch(false);
  try {
    const { manifest, files } = await unpack(path, blobs, lines);
    return await transaction(db.pool, async (client) => {
      const here = await readMigration(client);
      if (manifest.migration !== here)
        throw rejected(
          `The archive was made by another version of Topk (its database is at ${manifest.migration}, this one at ${here}). Restore it with that version, then upgrade.`,
        );
      const made = await insertAll(client, lines.path, suffix);
      await recordAct(client, by, {
        courseId: made.courseId,
        action: restoreCourse.schema.operationId,
        subject: `course ${made.told.course}`,
        after: { from: manifest.course, madeAt: manifest.madeAt, ...made.told },
      });
      return { ...made.told, files };
    });
  } catch (error) {
    throw explainedRows(error);
  } finally {
    await lines.discard();
  }
}

/** Old id → new id, by table. */
type Ids = Map<string, Map<number, number>>;

interface Restoring {
  readonly client: Queryable;
  readonly tables: ReadonlyMap<string, CourseTable>;
  readonly ids: Ids;
  readonly suffix: string;
  /** References to rows that come later. */
  readonly late: { table: string; column: string; id: number; to: string; old: number }[];
}

const linesAtOnce = 500;

async function insertAll(
  client: Queryable,
  path: string,
  suffix: string,
): Promise<{ courseId: number; told: Omit<Restored, 'files'> }> {
  const tables = new Map((await courseTables(client)).map((table) => [table.name, table]));
  const restoring: Restoring = { client, tables, ids: new Map(), suffix, late: [] };
  const slugs: Record<string, string[]> = { course: [], competition: [] };
  const people = { known: 0, made: 0 };
  let page: { line: number; row: Record<string, unknown> }[] = [];
  let current: string | undefined;
  const flush = async () => {
    if (current === undefined || page.length === 0) return;
    if (current === 'user') people.made += await insertAccounts(restoring, page);
    else {
      const named = await insertRows(restoring, current, page);
      slugs[current]?.push(...named);
    }
    page = [];
  };
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    const { table, row } = parseLine(line, number);
    if (table !== 'user' && !tables.has(table))
      throw rejected(`${JSON.stringify(table.slice(0, 60))} is no table of a course.`, number);
    if (table !== current || page.length === linesAtOnce) await flush();
    current = table;
    if (table === 'user') people.known++;
    page.push({ line: number, row });
  }
  await flush();
  await referLate(restoring);
  const [course] = slugs['course'] ?? [];
  const [courseId] = restoring.ids.get('course')?.values() ?? [];
  if (course === undefined || courseId === undefined || slugs['course']?.length !== 1)
    throw rejected('It must hold exactly one course.');
  const competitions = slugs['competition'] ?? [];
  const submissions = restoring.ids.get('submission')?.size ?? 0;
  return { courseId, told: { course, competitions, people: people.known, newPeople: people.made, submissions } };
}

function parseLine(line: string, number: number): z.output<typeof ArchivedRow> {
  try {
    return ArchivedRow.parse(JSON.parse(line));
  } catch {
    throw rejected('This line is no row.', number);
  }
}

type Page = readonly { readonly line: number; readonly row: Record<string, unknown> }[];
const Known = z.object({ id: z.number().int(), email: z.string() });

/** @returns how many there were none of */
async function insertAccounts({ client, ids }: Restoring, page: Page): Promise<number> {
  const accounts = page.map(({ line, row }) => {
    const parsed = ArchivedAccount.safeParse(row);
    if (!parsed.success) throw rejected('This account has no address and name.', line);
    return { ...parsed.data, email: parsed.data.email.toLowerCase() };
  });
  const made = await execute(
    client,
    `insert into "user" (email, name) select * from unnest($1::text[], $2::text[]) on conflict (email) do nothing`,
    [accounts.map(({ email }) => email), accounts.map(({ name }) => name)],
  );
  const found = await rows(client, Known, 'select id, email from "user" where email = any($1)', [
    accounts.map(({ email }) => email),
  ]);
  const byEmail = new Map(found.map(({ id, email }) => [email, id]));
  for (const { id, email } of accounts) idsOf(ids, 'user').set(id, byEmail.get(email) ?? 0);
  return made;
}

/** @returns the slugs of what has one */
async function insertRows(restoring: Restoring, name: string, page: Page): Promise<string[]> {
  const { client, tables, ids, suffix } = restoring;
  const table = tables.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  const fresh = table.numbered ? await newIds(client, name, page.length) : [];
  const slugs: string[] = [];
  const copies = page.map(({ line, row }, index) => {
    const copy = { ...row };
    if (table.numbered) {
      const id = fresh[index] ?? 0;
      if (typeof row['id'] !== 'number') throw rejected(`This row of ${name} has no id.`, line);
      idsOf(ids, name).set(row['id'], id);
      copy['id'] = id;
    }
    for (const { column, table: to, nullable } of table.references)
      copy[column] = refer(restoring, { copy, column, to, nullable, name, line });
    // Unique on a server; a phase's slug is its competition's own.
    if ((name === 'course' || name === 'competition') && typeof copy['slug'] === 'string') {
      copy['slug'] += suffix;
      slugs.push(copy['slug']);
    }
    return copy;
  });
  await client.query(
    `insert into "${name}" select (jsonb_populate_record(null::"${name}", value)).* from jsonb_array_elements($1::jsonb)`,
    [JSON.stringify(copies)],
  );
  return slugs;
}

interface Referring {
  readonly copy: Record<string, unknown>;
  readonly column: string;
  readonly to: string;
  readonly nullable: boolean;
  readonly name: string;
  readonly line: number;
}

function refer({ ids, late }: Restoring, { copy, column, to, nullable, name, line }: Referring): number | null {
  const old = copy[column];
  if (old === null || old === undefined) return null;
  if (typeof old !== 'number') throw rejected(`${column} of this row of ${name} is no id.`, line);
  const found = ids.get(to)?.get(old);
  if (found !== undefined) return found;
  if (!nullable || typeof copy['id'] !== 'number')
    throw rejected(`${column} of this row of ${name} refers to a row that isn't there.`, line);
  late.push({ table: name, column, id: copy['id'], to, old });
  return null;
}

/** What is not there at the end either stays empty. */
async function referLate({ client, ids, late }: Restoring): Promise<void> {
  for (const [where, entries] of Map.groupBy(late, ({ table, column }) => `"${table}" set "${column}"`)) {
    const pairs = entries.flatMap(({ id, to, old }) => {
      const found = ids.get(to)?.get(old);
      return found === undefined ? [] : [{ id, found }];
    });
    await client.query(
      `update ${where} = pair.found from unnest($1::int[], $2::int[]) as pair(row_id, found) where id = pair.row_id`,
      [pairs.map(({ id }) => id), pairs.map(({ found }) => found)],
    );
  }
}

const NewId = z.object({ id: z.coerce.number().int() });

async function newIds(client: Queryable, table: string, count: number): Promise<number[]> {
  const query = `select nextval(pg_get_serial_sequence($1, 'id')) as id from generate_series(1, $2)`;
  return (await rows(client, NewId, query, [`"${table}"`, count])).map(({ id }) => id);
}

function idsOf(ids: Ids, table: string): Map<number, number> {
  const known = ids.get(table) ?? new Map<number, number>();
  ids.set(table, known);
  return known;
}

const DatabaseError = z.object({ code: z.string().length(5), constraint: z.string().optional(), message: z.string() });

/** What Postgres says of rows that don't fit. */
function explainedRows(error: unknown): unknown {
  const known = DatabaseError.safeParse(error);
  if (!known.success) return error;
  const { code, constraint, message } = known.data;
  if (code === '23505' && /^(?:course|competition)_slug_key$/.test(constraint ?? ''))
    return new AppError(
      'conflict',
      'The course or one of its competitions is on this server already. Give ?suffix=-copy to restore it beside them.',
    );
  // 22 and 23 are Postgres's classes for data.
  return /^2[23]/.test(code) ? rejected(`A row does not fit: ${message}`) : error;
}
