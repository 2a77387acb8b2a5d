import { z } from 'zod';
import { HookAttempt, redeliverHook, SentEvent, testHook, type HookDelivery } from '../../core/contract/hooks.ts';
import type { Database } from '../../core/db/open.ts';
import { execute, maybeRow, oneRow, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError, notFound } from '../errors.ts';
import { getHook, lockHook, subjectOf, type HookTarget } from './read.ts';

type Pool = Pick<Database, 'pool'>;

const Row = z.object({
  id: z.number().int(),
  messageId: z.string(),
  event: SentEvent,
  at: z.date(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  tries: z.number().int(),
  tryAt: z.date(),
  reason: z.string().nullable(),
  attempts: z.array(HookAttempt.extend({ at: z.coerce.date().transform((at) => at.toISOString()) })),
});

const query = `
  select delivery.id,
         delivery.message_id as "messageId",
         replace(delivery.event::text, '_', '.') as event,
         delivery.at,
         delivery.state::text,
         delivery.tries,
         delivery.try_at as "tryAt",
         delivery.reason,
         coalesce((
           select jsonb_agg(to_jsonb(attempts) order by attempts.attempt desc)
           from (select attempt, at, took_ms as "tookMs", status, answer, error
                 from hook_attempt
                 where delivery_id = delivery.id
                 order by attempt desc
                 limit 20) as attempts
         ), '[]') as attempts
  from hook_delivery delivery`;

/** @param before only those with lower ids; newest first */
export async function readDeliveries(
  db: Queryable,
  target: HookTarget,
  { limit, before }: { readonly limit: number; readonly before: number | undefined },
): Promise<HookDelivery[]> {
  await getHook(db, target);
  const found = await rows(
    db,
    Row,
    `${query} where delivery.hook_id = $1 and ($2::int is null or delivery.id < $2) order by delivery.id desc limit $3`,
    [target.id, before ?? null, limit],
  );
  return found.map(view);
}

const Id = z.object({ id: z.number().int() });

/** Puts a test into the outbox, in a transaction of the caller's. @returns the id of the delivery */
export async function queueTest(client: Queryable, { courseId, id }: HookTarget): Promise<number> {
  const made = await oneRow(
    client,
    Id,
    `insert into hook_delivery (hook_id, message_id, event, data)
     select hook.id,
            'msg_' || replace(gen_random_uuid()::text, '-', ''),
            'test',
            jsonb_build_object(
              'hook', hook.name,
              'course', jsonb_build_object('slug', course.slug, 'title', course.title, 'timeZone', course.time_zone))
     from hook
     join course on course.id = hook.course_id
     where hook.id = $1 and hook.course_id = $2
     returning id`,
    [id, courseId],
  );
  return made.id;
}

/** @throws conflict where the hook is disabled, or a test waits already */
export async function sendTest({ pool }: Pool, by: Actor, target: HookTarget): Promise<HookDelivery> {
  return await transaction(pool, async (client) => {
    const hook = await lockEnabled(client, target);
    const waiting = await maybeRow(
      client,
      Id,
      `select id from hook_delivery where hook_id = $1 and event = 'test' and state = 'waiting' limit 1`,
      [target.id],
    );
    if (waiting) throw new AppError('conflict', 'A test is being sent already: its log tells what comes of it.');
    const id = await queueTest(client, target);
    const delivery = await getDelivery(client, target.courseId, id);
    const action = testHook.schema.operationId;
    const after = { messageId: delivery.messageId };
    await recordAct(client, by, { courseId: target.courseId, action, subject: subjectOf(hook), after });
    return delivery;
  });
}

const OfHook = z.object({ hookId: z.number().int() });

/**
 * Has a delivery made again from its beginning, under the same id.
 * @throws not-found where the course has none with this id; conflict where it is being made, or its hook is disabled
 */
export async function redeliver(
  { pool }: Pool,
  by: Actor,
  { courseId, id }: { readonly courseId: number; readonly id: number },
): Promise<HookDelivery> {
  return await transaction(pool, async (client) => {
    const found = await maybeRow(
      client,
      OfHook,
      `select hook_id as "hookId"
       from hook_delivery
       join hook on hook.id = hook_id
       where hook_delivery.id = $1 and hook.course_id = $2`,
      [id, courseId],
    );
    if (found === undefined) throw notFound('delivery with this id');
    const hook = await lockEnabled(client, { courseId, id: found.hookId });
    const before = await getDelivery(client, courseId, id);
    const changed = await execute(
      client,
      `update hook_delivery
       set state = 'waiting', tries = 0, try_at = now(), lease_until = null, ended_at = null, reason = null
       where id = $1 and (lease_until is null or lease_until < now())`,
      [id],
    );
    if (changed === 0) throw new AppError('conflict', 'It is being sent at this moment. Look at its log in a minute.');
    const action = redeliverHook.schema.operationId;
    await recordAct(client, by, {
      courseId,
      action,
      subject: subjectOf(hook),
      before: { messageId: before.messageId, state: before.state },
      after: { state: 'waiting' },
    });
    return await getDelivery(client, courseId, id);
  });
}

async function lockEnabled(client: Queryable, target: HookTarget) {
  const hook = await lockHook(client, target);
  if (hook.disabledAt !== null) throw new AppError('conflict', 'The hook is disabled. Enable it first.');
  return hook;
}

async function getDelivery(client: Queryable, courseId: number, id: number): Promise<HookDelivery> {
  const found = await maybeRow(
    client,
    Row,
    `${query} join hook on hook.id = delivery.hook_id where delivery.id = $1 and hook.course_id = $2`,
    [id, courseId],
  );
  if (found === undefined) throw notFound('delivery with this id');
  return view(found);
}

function view({ at, tryAt, ...rest }: z.output<typeof Row>): HookDelivery {
  return {
    ...rest,
    at: at.toISOString(),
    nextTryAt: rest.state === 'waiting' ? tryAt.toISOString() : null,
  };
}
