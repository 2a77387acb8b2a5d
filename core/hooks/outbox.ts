import type pg from 'pg';
import { z } from 'zod';
import { HookFormat } from '../contract/hooks.ts';
import { execute, maybeRow, rows, transaction, type Queryable } from '../db/sql.ts';
import { post } from '../mail/outbox.ts';
import { ownerMayKnow } from './tell.ts';
import { Told } from './told.ts';

const Claimed = z.object({
  id: z.number().int(),
  attempt: z.number().int(),
  tries: z.number().int(),
  hookId: z.number().int(),
  messageId: z.string(),
  at: z.date(),
  /** Null: another version wrote what this one does not understand. */
  told: Told.nullable().catch(null),
  url: z.string(),
  format: HookFormat,
  secrets: z.array(z.string()),
  /** False: its owner is no instructor any more, or it was disabled. */
  mayTell: z.boolean(),
});

/** A delivery that nobody else makes for two minutes; `attempt` is the fencing token. */
export type ClaimedDelivery = z.output<typeof Claimed>;

/** Sent to one hook at once, so that a slow receiver holds up no other. */
const atOncePerHook = 2;

/** The delivery that has waited longest; undefined where none is due. A worker that dies with it leaves it to the next one. */
export async function claimDelivery(db: Queryable): Promise<ClaimedDelivery | undefined> {
  return await maybeRow(
    db,
    Claimed,
    `with claimed as (
       update hook_delivery
       set attempt = attempt + 1, tries = tries + 1, lease_until = now() + interval '2 minutes'
       where id = (
         select id
         from hook_delivery as due
         where state = 'waiting'
           and try_at <= now()
           and (lease_until is null or lease_until < now())
           and (select count(*) from hook_delivery as busy where busy.hook_id = due.hook_id and busy.lease_until > now()) < $1
         order by try_at, id
         limit 1
         for update skip locked
       )
       returning *
     )
     select claimed.id,
            claimed.attempt,
            claimed.tries,
            claimed.hook_id as "hookId",
            claimed.message_id as "messageId",
            claimed.at,
            jsonb_build_object('event', replace(claimed.event::text, '_', '.'), 'data', claimed.data) as told,
            hook.url,
            hook.format::text,
            case when hook.old_until > now() then array[hook.secret, hook.old_secret] else array[hook.secret] end as secrets,
            hook.disabled_at is null and ${ownerMayKnow} as "mayTell"
     from claimed
     join hook on hook.id = claimed.hook_id`,
    [atOncePerHook],
  );
}

/** What came of an attempt. */
export interface Outcome {
  readonly tookMs: number;
  readonly status?: number | undefined;
  /** The first bytes of the answer. */
  readonly answer?: string | undefined;
  /** Undefined: it was taken. */
  readonly error?: string | undefined;
  /** The receiver wants to be left alone for so long. */
  readonly retryAfterS?: number | undefined;
  /** The receiver wants no more, ever. */
  readonly gone?: boolean | undefined;
}

interface Notice {
  /** Where the pages are; undefined: no mail is sent. */
  readonly mailTo: string | undefined;
}

/** Between attempts, as Standard Webhooks has it; after the last one, three days from the first, it is given up. */
const waitSeconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
const mostRetryAfterS = 86_400;

/** Writes an attempt down, and what follows from it: done, again later, or given up; and a hook that fails for too long is disabled. */
export async function recordAttempt(
  pool: pg.Pool,
  delivery: ClaimedDelivery,
  outcome: Outcome,
  notice: Notice,
): Promise<void> {
  await transaction(pool, async (client) => {
    // In the order in which an instructor's changes lock them.
    await client.query('select 1 from hook where id = $1 for no key update', [delivery.hookId]);
    await keepAttempt(client, delivery, outcome);
    if (outcome.error === undefined) await delivered(client, delivery);
    else await failed(client, delivery, outcome, notice);
  });
}

async function keepAttempt(client: Queryable, { id, attempt }: ClaimedDelivery, outcome: Outcome): Promise<void> {
  await execute(
    client,
    `insert into hook_attempt (delivery_id, attempt, took_ms, status, answer, error)
     select id, $2, $3, $4, $5, $6 from hook_delivery where id = $1
     on conflict do nothing`,
    [
      id,
      attempt,
      Math.round(outcome.tookMs),
      outcome.status ?? null,
      outcome.answer ?? '',
      outcome.error?.slice(0, 500) ?? null,
    ],
  );
}

/** It was taken, whatever else has happened to it meanwhile. */
async function delivered(client: Queryable, { id, hookId }: ClaimedDelivery): Promise<void> {
  await execute(
    client,
    `update hook_delivery set state = 'delivered', lease_until = null, ended_at = now(), reason = null where id = $1`,
    [id],
  );
  await execute(client, `update hook set failing_since = null where id = $1`, [hookId]);
}

async function failed(
  client: Queryable,
  { id, attempt, tries, hookId, told }: ClaimedDelivery,
  outcome: Outcome,
  notice: Notice,
): Promise<void> {
  const isTest = told?.event === 'test';
  const waitS = isTest ? undefined : waitSeconds[tries - 1];
  const retryAfterS = Math.min(outcome.retryAfterS ?? 0, mostRetryAfterS);
  const changed = await execute(
    client,
    `update hook_delivery
     set state = case when $3::float8 is null then 'failed'::hook_delivery_state else state end,
         ended_at = case when $3::float8 is null then now() end,
         try_at = case when $3::float8 is null then try_at else now() + greatest($4::float8, $3::float8 * (0.9 + random() * 0.2)) * interval '1 s' end,
         lease_until = null
     where id = $1 and attempt = $2 and state = 'waiting'`,
    [id, attempt, waitS ?? null, retryAfterS],
  );
  // A test tells whether the address is right; nothing is lost with it.
  if (changed === 0 || isTest) return;
  await execute(client, `update hook set failing_since = coalesce(failing_since, now()) where id = $1`, [hookId]);
  await disableAfterLongFailure(client, hookId, outcome.gone === true, notice);
}

/** Whole days of nothing but failures. */
const patienceDays = 3;

const Disabled = z.object({ name: z.string(), course: z.string(), title: z.string(), reason: z.string() });

async function disableAfterLongFailure(
  client: Queryable,
  hookId: number,
  gone: boolean,
  { mailTo }: Notice,
): Promise<void> {
  const reason = gone
    ? 'its address answered that it is gone (410)'
    : `every delivery has failed for ${patienceDays} days`;
  const hook = await maybeRow(
    client,
    Disabled,
    `update hook
     set disabled_at = now(), disabled_reason = $2
     from course
     where hook.id = $1
       and course.id = hook.course_id
       and hook.disabled_at is null
       and ($3 or hook.failing_since <= now() - $4 * interval '1 day')
     returning hook.name, course.slug as course, course.title, hook.disabled_reason as reason`,
    [hookId, reason, gone, patienceDays],
  );
  if (hook === undefined) return;
  await execute(
    client,
    `update hook_delivery
     set state = 'failed', ended_at = now(), lease_until = null, reason = 'The hook was disabled.'
     where hook_id = $1 and state = 'waiting'`,
    [hookId],
  );
  if (mailTo === undefined) return;
  const instructors = await rows(
    client,
    z.object({ email: z.string() }),
    `select "user".email
     from hook
     join enrollment on enrollment.course_id = hook.course_id and enrollment.role = 'instructor' and enrollment.dropped_at is null
     join "user" on "user".id = enrollment.user_id
     where hook.id = $1`,
    [hookId],
  );
  const url = `${mailTo.replace(/\/$/, '')}/courses/${hook.course}/hooks`;
  const text = `The hook “${hook.name}” of ${hook.title} was disabled: ${hook.reason}.\n\nWhat happens meanwhile is not sent to it later. What was given up is in its log, from where it can be sent again once the hook is enabled:\n\n${url}\n`;
  await post(
    client,
    instructors.map(({ email }) => ({
      to: email,
      subject: `${hook.title}: the hook “${hook.name}” was disabled`,
      text,
    })),
  );
}

/** Gives up what must not be sent any more. */
export async function giveUpDelivery(db: Queryable, { id, attempt }: ClaimedDelivery, reason: string): Promise<void> {
  await execute(
    db,
    `update hook_delivery
     set state = 'failed', ended_at = now(), lease_until = null, reason = $3
     where id = $1 and attempt = $2 and state = 'waiting'`,
    [id, attempt, reason],
  );
}

/** The log is kept for a month. */
export async function forgetOldDeliveries(db: Queryable): Promise<void> {
  await execute(db, `delete from hook_delivery where state <> 'waiting' and at < now() - interval '30 days'`);
  await execute(db, `update hook set old_secret = null, old_until = null where old_until < now()`);
}
