import { z } from 'zod';
import { rows, type Queryable } from '../../core/db/sql.ts';

/** A column that holds another row's key. */
export interface Reference {
  readonly column: string;
  readonly table: string;
  readonly nullable: boolean;
}

/** A table whose rows belong to a course, and how to find them. */
export interface CourseTable {
  readonly name: string;
  readonly primaryKey: readonly string[];
  /** Whether `id` is numbered by the database: a copy of a row gets a new one. */
  readonly numbered: boolean;
  /** Columns of text or JSON, which may hold anything that people write. */
  readonly texts: readonly { readonly name: string; readonly json: boolean }[];
  readonly references: readonly Reference[];
  /** The condition that a row is of the course with the id $1. */
  readonly condition: string;
}

/** What hangs on a course and is none of its records: secrets, and mail and invitations that must not be sent twice. A copy of a course has no hooks. */
export const leftOut: ReadonlySet<string> = new Set([
  'join_code',
  'password_link',
  'team_invitation',
  'hook',
  'hook_delivery',
  'hook_attempt',
]);

const Table = z.object({
  name: z.string(),
  primaryKey: z.array(z.string()),
  numbered: z.boolean(),
  texts: z.array(z.object({ name: z.string(), json: z.boolean() })),
});
const ForeignKey = z.object({
  table: z.string(),
  column: z.string(),
  to: z.string(),
  toColumn: z.string(),
  nullable: z.boolean(),
  /** The row goes with the one that it refers to: it belongs to it. */
  owned: z.boolean(),
});
type ForeignKey = z.infer<typeof ForeignKey>;

/**
 * The tables that hold a course, as Postgres itself knows them: each that is deleted with the course, each after those that it refers to where it
 * must. So a new table is in the archive without anybody's thinking of it.
 */
export async function courseTables(client: Queryable): Promise<CourseTable[]> {
  const [tables, keys] = [await rows(client, Table, tablesQuery), await rows(client, ForeignKey, foreignKeysQuery)];
  const conditions = conditionsOf(keys);
  const found = tables.flatMap((table): CourseTable[] => {
    const condition = conditions.get(table.name);
    if (condition === undefined) return [];
    const references = new Map<string, Reference>();
    // A column can be in several keys, which then agree.
    for (const { table: from, column, to, toColumn, nullable } of keys)
      if (from === table.name && toColumn === 'id') references.set(column, { column, table: to, nullable });
    return [{ ...table, references: [...references.values()], condition }];
  });
  return inOrder(found, keys);
}

/** By table. A row belongs to what it is deleted with, and cannot be without; only where there is no such thing, to what it may be without. */
function conditionsOf(keys: readonly ForeignKey[]): Map<string, string> {
  const conditions = new Map([['course', 'id = $1']]);
  for (const nullable of [false, true]) {
    const owners = keys.filter((key) => key.owned && key.nullable === nullable);
    for (let before = 0; before !== conditions.size;) {
      before = conditions.size;
      for (const { table, column, to, toColumn } of owners) {
        const condition = conditions.get(to);
        if (condition === undefined || conditions.has(table) || leftOut.has(table)) continue;
        conditions.set(table, `"${column}" in (select "${toColumn}" from "${to}" where ${condition})`);
      }
    }
  }
  return conditions;
}

/** Each table after those that it refers to; where they refer to each other, after those that its rows can't be without. */
function inOrder(tables: readonly CourseTable[], keys: readonly ForeignKey[]): CourseTable[] {
  const left = new Map(tables.map((table) => [table.name, table]));
  const waitsFor = (name: string, { table, to }: ForeignKey) => table === name && to !== name && left.has(to);
  const ordered: CourseTable[] = [];
  while (left.size > 0) {
    const candidates = [...left.values()];
    const next =
      candidates.find(({ name }) => !keys.some((key) => waitsFor(name, key))) ??
      candidates.find(({ name }) => !keys.some((key) => !key.nullable && waitsFor(name, key)));
    if (next === undefined) throw new Error(`these tables need each other: ${[...left.keys()].join(', ')}`);
    left.delete(next.name);
    ordered.push(next);
  }
  return ordered;
}

const tablesQuery = `
  select class.relname as name,
         array(select attname::text from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
               where indrelid = class.oid and indisprimary order by array_position(indkey::int2[], attnum)) as "primaryKey",
         exists (select 1 from pg_attribute where attrelid = class.oid and attname = 'id' and atthasdef) as numbered,
         coalesce((select jsonb_agg(jsonb_build_object('name', attname, 'json', atttypid = 'jsonb'::regtype) order by attnum)
                   from pg_attribute
                   where attrelid = class.oid and attnum > 0 and not attisdropped
                     and atttypid in ('text'::regtype, 'jsonb'::regtype)), '[]') as texts
  from pg_class class
  where class.relkind = 'r' and class.relnamespace = current_schema()::regnamespace
  order by class.relname`;

const foreignKeysQuery = `
  select source.relname as table, attribute.attname as column, target.relname as to, target_attribute.attname as "toColumn",
         not attribute.attnotnull as nullable, con.confdeltype = 'c' as owned
  from pg_constraint con
  join pg_class source on source.oid = con.conrelid
  join pg_class target on target.oid = con.confrelid
  cross join lateral unnest(con.conkey, con.confkey) as pair(attnum, target_attnum)
  join pg_attribute attribute on attribute.attrelid = con.conrelid and attribute.attnum = pair.attnum
  join pg_attribute target_attribute on target_attribute.attrelid = con.confrelid and target_attribute.attnum = pair.target_attnum
  where con.contype = 'f' and con.connamespace = current_schema()::regnamespace
  union
  -- What is kept of another row without a constraint that would cost with each write, known by its name.
  select source.relname, attribute.attname, target.relname, 'id', not attribute.attnotnull, false
  from pg_attribute attribute
  join pg_class source on source.oid = attribute.attrelid
  join pg_class target on target.relname || '_id' = attribute.attname
  where source.relkind = 'r' and source.relnamespace = current_schema()::regnamespace
    and target.relkind = 'r' and target.relnamespace = current_schema()::regnamespace
    and not exists (select 1 from pg_constraint where conrelid = source.oid and contype = 'f' and attribute.attnum = any(conkey))
  order by "table", "column", "to"`;
