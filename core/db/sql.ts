import type pg from 'pg';
import type { z } from 'zod';

/** What runs SQL: the pool, or one client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>;

/** Runs a statement and parses each row: a column that the code does not expect is found here, not later. */
export async function rows<T extends z.ZodType>(
  db: Queryable,
  schema: T,
  text: string,
  values: readonly unknown[] = [],
): Promise<z.output<T>[]> {
  const result = await db.query(prepared(text, values));
  return result.rows.map((row: unknown) => schema.parse(row));
}

/** Runs a statement that answers with no rows; tells how many it changed. */
export async function execute(db: Queryable, text: string, values: readonly unknown[] = []): Promise<number> {
  const result = await db.query(prepared(text, values));
  return result.rowCount ?? 0;
}

/** A statement's text → its name. There are as many as the code writes down: what varies goes into the values. */
const names = new Map<string, string>();

/** Each connection parses and plans a named statement once; anew each time, that is most of Postgres's work for a small one. */
function prepared(text: string, values: readonly unknown[]): { name: string; text: string; values: unknown[] } {
  const name = names.get(text) ?? `topk-${names.size + 1}`;
  names.set(text, name);
  return { name, text, values: [...values] };
}

/** As `rows`, for a statement that answers with at most one row. */
export async function maybeRow<T extends z.ZodType>(
  db: Queryable,
  schema: T,
  text: string,
  values: readonly unknown[] = [],
): Promise<z.output<T> | undefined> {
  const [first] = await rows(db, schema, text, values);
  return first;
}

/** As `rows`, for a statement that always answers with a row. */
export async function oneRow<T extends z.ZodType>(
  db: Queryable,
  schema: T,
  text: string,
  values: readonly unknown[] = [],
): Promise<z.output<T>> {
  const row = await maybeRow(db, schema, text, values);
  if (row === undefined) throw new Error(`no row where one was expected: ${text.slice(0, 80)}`);
  return row;
}

/** Runs `work` in one transaction on one connection; whatever it throws rolls back. */
export async function transaction<T>(pool: pg.Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that breaks while it is ours emits 'error' as well as failing the query.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error('rollback failed');
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
