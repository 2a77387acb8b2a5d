import type { Prisma } from '../../core/db/generated/client.ts';
import { execute, type Queryable } from '../../core/db/sql.ts';
import type { Principal } from '../auth/principals.ts';

/** An act of staff, as the audit log keeps it. `before` and `after` are plain JSON of what changed, without secrets; undefined where there was nothing. */
export interface Act {
  /** Undefined: outside any course. */
  readonly courseId: number | undefined;
  /** The operationId of the endpoint. */
  readonly action: string;
  /** What it was done to, for people: `competition midterm, phase main`. */
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export type Actor = Pick<Principal, 'userId'>;

/** Writes an act down, in the transaction that does it, be it SQL's or Prisma's: so that neither is there without the other. */
export async function recordAct(
  client: Queryable | Prisma.TransactionClient,
  { userId }: Actor,
  act: Act,
): Promise<void> {
  const courseId = act.courseId ?? null;
  const [before, after] = [briefJson(act.before), briefJson(act.after)];
  if ('query' in client) {
    await execute(
      client,
      `insert into audit_entry (course_id, actor_id, action, subject, before, after) values ($1, $2, $3, $4, $5, $6)`,
      [courseId, userId, act.action, act.subject, before, after],
    );
  } else {
    await client.$executeRaw`
      insert into audit_entry (course_id, actor_id, action, subject, before, after)
      values (${courseId}, ${userId}, ${act.action}, ${act.subject}, ${before}::jsonb, ${after}::jsonb)`;
  }
}

/** What changed of the columns of a row, as `before` and `after` of an act. */
export function changesOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const only = (row: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(changed.map((key) => [key, row[key] ?? null]));
  return { before: only(before), after: only(after) };
}

const maxCharacters = 10_000;
const maxItems = 200;

/** A page of the log must stay readable: of long texts and lists it holds the beginning, and how long they are. */
function briefJson(value: unknown): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') {
      // Half of a surrogate pair is text in JavaScript, and none in Postgres.
      return part.length <= maxCharacters
        ? part.toWellFormed()
        : `${part.slice(0, maxCharacters).toWellFormed()} … (${part.length} characters)`;
    }
    if (!Array.isArray(part) || part.length <= maxItems) return part;
    const items: readonly unknown[] = part;
    return [...items.slice(0, maxItems), `… and ${items.length - maxItems} more`];
  });
}
