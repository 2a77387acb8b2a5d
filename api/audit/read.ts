import { z } from 'zod';
import type { AuditEntry } from '../../core/contract/audit.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';

/** Which acts of a course are wanted; undefined leaves one out. */
export interface AuditFilter {
  readonly text: string | undefined;
  readonly action: string | undefined;
  readonly actor: number | undefined;
  /** Days of the course's zone, both included. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Only what is older than this one. */
  readonly cursor: number | undefined;
  readonly limit: number;
}

const Row = z.object({
  id: z.number().int(),
  at: z.date(),
  userId: z.number().int(),
  name: z.string(),
  email: z.string(),
  action: z.string(),
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});

/** The acts of a course, newest first. */
export async function readAudit(db: Queryable, courseId: number, filter: AuditFilter): Promise<AuditEntry[]> {
  const found = await rows(
    db,
    Row,
    `select entry.id,
            entry.at,
            entry.actor_id as "userId",
            actor.name,
            actor.email,
            entry.action,
            entry.subject,
            entry.before,
            entry.after
     from audit_entry entry
     join course on course.id = entry.course_id
     join "user" actor on actor.id = entry.actor_id
     where entry.course_id = $1
       and ($2::int is null or entry.id < $2)
       and ($3::text is null or entry.action = $3)
       and ($4::int is null or entry.actor_id = $4)
       and ($5::date is null or entry.at >= $5::date::timestamp at time zone course.time_zone)
       and ($6::date is null or entry.at < ($6::date + 1)::timestamp at time zone course.time_zone)
       and (
         $7::text is null
         or position(
           lower($7)
           in lower(concat_ws(' ', entry.subject, entry.action, actor.name, actor.email, entry.before::text, entry.after::text))
         ) > 0
       )
     order by entry.id desc
     limit $8`,
    [
      courseId,
      filter.cursor ?? null,
      filter.action ?? null,
      filter.actor ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.text === '' ? null : (filter.text ?? null),
      filter.limit,
    ],
  );
  return found.map(({ id, at, userId, name, email, action, subject, before, after }) => ({
    id,
    at: at.toISOString(),
    actor: { userId, name, email },
    action,
    subject,
    ...(before !== null && { before }),
    ...(after !== null && { after }),
  }));
}

const Actor = z.object({ userId: z.number().int(), name: z.string(), email: z.string() });
const Action = z.object({ action: z.string() });

/** What a course's log can be narrowed down to. */
export async function readAuditChoices(db: Queryable, courseId: number) {
  const actions = await rows(
    db,
    Action,
    'select distinct action from audit_entry where course_id = $1 order by action',
    [courseId],
  );
  const actors = await rows(
    db,
    Actor,
    `select id as "userId", name, email
     from "user"
     where id in (select actor_id from audit_entry where course_id = $1)
     order by name, id`,
    [courseId],
  );
  return { actions: actions.map(({ action }) => action), actors };
}
