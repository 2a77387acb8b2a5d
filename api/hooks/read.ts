import { z } from 'zod';
import { HookEvent, HookFormat, type Hook } from '../../core/contract/hooks.ts';
import { maybeRow, rows, type Queryable } from '../../core/db/sql.ts';
import { ownerMayKnow } from '../../core/hooks/tell.ts';
import { notFound } from '../errors.ts';

/** A hook of a course. */
export interface HookTarget {
  readonly courseId: number;
  readonly id: number;
}

const Row = z.object({
  id: z.number().int(),
  name: z.string(),
  url: z.string(),
  format: HookFormat,
  events: z.array(HookEvent),
  createdAt: z.date(),
  ownerId: z.number().int().nullable(),
  ownerName: z.string().nullable(),
  silent: z.boolean(),
  oldUntil: z.date().nullable(),
  failingSince: z.date().nullable(),
  disabledAt: z.date().nullable(),
  disabledReason: z.string().nullable(),
  waiting: z.number().int(),
});
export type HookRow = z.output<typeof Row>;

const query = `
  select hook.id,
         hook.name,
         hook.url,
         hook.format::text,
         array(select replace(event::text, '_', '.') from unnest(hook.events) as event) as events,
         hook.created_at as "createdAt",
         owner.id as "ownerId",
         owner.name as "ownerName",
         not ${ownerMayKnow} as silent,
         case when hook.old_until > now() then hook.old_until end as "oldUntil",
         hook.failing_since as "failingSince",
         hook.disabled_at as "disabledAt",
         hook.disabled_reason as "disabledReason",
         (select count(*)::int from hook_delivery where hook_id = hook.id and state = 'waiting') as waiting
  from hook
  left join "user" owner on owner.id = hook.owner_id`;

/** In the order in which they were made. */
export async function readHooks(db: Queryable, courseId: number): Promise<Hook[]> {
  return (await rows(db, Row, `${query} where hook.course_id = $1 order by hook.id`, [courseId])).map(view);
}

/** @throws not-found where the course has none with this id */
export async function getHook(db: Queryable, { courseId, id }: HookTarget): Promise<HookRow> {
  const found = await maybeRow(db, Row, `${query} where hook.course_id = $1 and hook.id = $2`, [courseId, id]);
  if (found === undefined) throw notFound('hook with this id');
  return found;
}

/** One change at a time, so that what it was before is what is replaced. */
export async function lockHook(client: Queryable, target: HookTarget): Promise<HookRow> {
  await client.query('select 1 from hook where id = $1 and course_id = $2 for no key update', [
    target.id,
    target.courseId,
  ]);
  return await getHook(client, target);
}

/** For people, as audit entries name what was done to. */
export function subjectOf({ id, name }: Pick<HookRow, 'id' | 'name'>): string {
  return `hook ${id}: ${name}`;
}

export function view(row: HookRow): Hook {
  return {
    id: row.id,
    name: row.name,
    place: placeOf(row.url),
    format: row.format,
    events: row.events,
    createdAt: row.createdAt.toISOString(),
    owner: row.ownerId === null ? null : { userId: row.ownerId, name: row.ownerName ?? '' },
    silent: row.silent,
    oldSecretUntil: row.oldUntil?.toISOString() ?? null,
    failingSince: row.failingSince?.toISOString() ?? null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    disabledReason: row.disabledReason,
    waiting: row.waiting,
  };
}

/** The path is a chat's password: enough of it to tell one from another. */
function placeOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  const path = `${pathname}${search}`;
  return path.length <= 16 ? `${origin}/${path === '/' ? '' : '…'}` : `${origin}/…${path.slice(-4)}`;
}
