import { z } from 'zod';
import {
  createHook,
  deleteHook,
  editHook,
  rotateHookSecret,
  type Hook,
  type HookEvent,
} from '../../core/contract/hooks.ts';
import type { Database } from '../../core/db/open.ts';
import { execute, oneRow, transaction } from '../../core/db/sql.ts';
import { refusalOfUrl, type PrivateHosts } from '../../core/hooks/destination.ts';
import { newSecret, secretPrefix } from '../../core/hooks/signature.ts';
import { changesOf, recordAct, type Actor } from '../audit/record.ts';
import { lockPeople } from '../courses/courses.ts';
import { AppError } from '../errors.ts';
import { queueTest } from './deliveries.ts';
import { getHook, lockHook, subjectOf, view, type HookRow, type HookTarget } from './read.ts';

type Pool = Pick<Database, 'pool'>;

/** Where something may be sent. */
interface Rules {
  readonly hosts: PrivateHosts;
}

interface WithSecret {
  readonly hook: Hook;
  readonly secret: string;
}

const mostHooks = 20;
const Id = z.object({ id: z.number().int() });

/**
 * Makes a hook and sends a test to it.
 * @throws validation-failed for an address that nothing is sent to; conflict where the course has too many
 */
export async function insertHook(
  { pool }: Pool,
  by: Actor,
  { courseId, hosts }: { readonly courseId: number } & Rules,
  { name, url, format, events }: z.output<typeof createHook.schema.body>,
): Promise<WithSecret> {
  requireAllowed(url, hosts);
  const secret = newSecret();
  return await transaction(pool, async (client) => {
    await lockPeople(client, courseId);
    const { id } = await oneRow(
      client,
      Id,
      `insert into hook (course_id, owner_id, name, url, format, events, secret)
       values ($1, $2, $3, $4, $5::hook_format, $6::hook_event[], $7)
       returning id`,
      [courseId, by.userId, name, url, format, stored(events), secret],
    );
    const { count } = await oneRow(
      client,
      z.object({ count: z.number().int() }),
      'select count(*)::int as count from hook where course_id = $1',
      [courseId],
    );
    if (count > mostHooks)
      throw new AppError('conflict', `A course has at most ${mostHooks} hooks. Take one away that is not needed.`);
    await queueTest(client, { courseId, id });
    const row = await getHook(client, { courseId, id });
    const action = createHook.schema.operationId;
    await recordAct(client, by, { courseId, action, subject: subjectOf(row), after: settingsOf(row) });
    return { hook: view(row), secret: shown(secret) };
  });
}

/**
 * Changes what is given. Whoever does so answers for the hook from then on.
 * @throws as `insertHook`; not-found
 */
export async function updateHook(
  { pool }: Pool,
  by: Actor,
  { courseId, id, hosts }: HookTarget & Rules,
  { name, url, events, enabled }: z.output<typeof editHook.schema.body>,
): Promise<Hook> {
  if (url !== undefined) requireAllowed(url, hosts);
  return await transaction(pool, async (client) => {
    const before = await lockHook(client, { courseId, id });
    await execute(
      client,
      `update hook
       set owner_id = $2,
           name = coalesce($3, name),
           url = coalesce($4, url),
           events = coalesce($5::hook_event[], events),
           disabled_at = case when $6 then null when not $6 then coalesce(disabled_at, now()) else disabled_at end,
           disabled_reason = case when $6 then null else disabled_reason end,
           failing_since = case when $6 or $4 is not null then null else failing_since end
       where id = $1`,
      [id, by.userId, name ?? null, url ?? null, events ? stored(events) : null, enabled ?? null],
    );
    const row = await getHook(client, { courseId, id });
    const changes = changesOf(settingsOf(before), settingsOf(row));
    // That it is another address is told, and not which: whoever knows that of a chat can write there.
    if (url !== undefined && url !== before.url) Object.assign(changes.after, { address: 'another one' });
    const action = editHook.schema.operationId;
    await recordAct(client, by, { courseId, action, subject: subjectOf(row), ...changes });
    return view(row);
  });
}

/** Gives another secret; the old one signs as well for a while. */
export async function rotateSecret(
  { pool }: Pool,
  by: Actor,
  target: HookTarget,
  keepOldHours: number,
): Promise<WithSecret> {
  const secret = newSecret();
  return await transaction(pool, async (client) => {
    const before = await lockHook(client, target);
    await execute(
      client,
      `update hook
       set secret = $2,
           old_secret = case when $3 > 0 then secret end,
           old_until = case when $3 > 0 then now() + $3 * interval '1 hour' end
       where id = $1`,
      [target.id, secret, keepOldHours],
    );
    const action = rotateHookSecret.schema.operationId;
    const after = { secret: 'another one', keepOldHours };
    await recordAct(client, by, { courseId: target.courseId, action, subject: subjectOf(before), after });
    return { hook: view(await getHook(client, target)), secret: shown(secret) };
  });
}

/** Takes a hook away, with what it still had to send. */
export async function removeHook({ pool }: Pool, by: Actor, target: HookTarget): Promise<void> {
  await transaction(pool, async (client) => {
    const before = await lockHook(client, target);
    await execute(client, 'delete from hook where id = $1', [target.id]);
    const action = deleteHook.schema.operationId;
    await recordAct(client, by, {
      courseId: target.courseId,
      action,
      subject: subjectOf(before),
      before: settingsOf(before),
    });
  });
}

function requireAllowed(url: string, hosts: PrivateHosts): void {
  const message = refusalOfUrl(url, hosts);
  if (message === undefined) return;
  const errors = [{ path: 'body.url', message }];
  throw new AppError('validation-failed', `body.url: ${message}`, { errors });
}

function shown(secret: string): string {
  return `${secretPrefix}${secret}`;
}

/** As the database names them. */
function stored(events: readonly HookEvent[]): string[] {
  return events.map((event) => event.replace('.', '_'));
}

/** Without the address and the secret: the log is read by all staff, for ever. */
function settingsOf({ name, url, format, events, disabledAt }: HookRow) {
  return { name, host: new URL(url).host, format, events, enabled: disabledAt === null };
}
