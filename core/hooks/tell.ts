import { execute, type Queryable } from '../db/sql.ts';

/** Everything here is one statement, or a part of one, of the transaction in which it happens: it is told if that is committed, and only then. */

/** SQL, on a row `hook`: its owner may still know what it tells. */
export const ownerMayKnow = `(
  exists (select from "user" where "user".id = hook.owner_id and "user".is_admin)
  or exists (
    select
    from enrollment
    where enrollment.course_id = hook.course_id
      and enrollment.user_id = hook.owner_id
      and enrollment.role = 'instructor'
      and enrollment.dropped_at is null
  )
)`;

type Event = 'competition_opened' | 'submission_scored' | 'grade_released' | 'run_failed';

/**
 * SQL: writes what each hook that wants `event` shall send.
 * @param from rows of `course_id` and `data`, and of `chatty`: false leaves it out of chats
 */
function deliveries(event: Event, from: string): string {
  return `insert into hook_delivery (hook_id, message_id, event, data)
    select hook.id, 'msg_' || replace(gen_random_uuid()::text, '-', ''), '${event}', told.data
    from (${from}) as told
    join hook on hook.course_id = told.course_id
    where hook.disabled_at is null
      and '${event}' = any (hook.events)
      and (told.chatty or hook.format = 'json')
      and ${ownerMayKnow}
    -- One that is deleted at this moment is passed over, and does not fail what happens.
    for key share of hook`;
}

/** Where something is: of the rows `phase`, `competition` and `course`. */
const where = `
  'course', jsonb_build_object('slug', course.slug, 'title', course.title, 'timeZone', course.time_zone),
  'competition', jsonb_build_object('slug', competition.slug, 'title', competition.title),
  'phase', jsonb_build_object('slug', phase.slug, 'title', phase.title)`;

const joinWhere = `
  join competition on competition.id = phase.competition_id
  join course on course.id = competition.course_id`;

const who = `
  'submission', jsonb_build_object('id', submission.id, 'kind', submission.kind, 'part', submission.part),
  'team', jsonb_build_object('id', team.id, 'name', team.pseudonym)`;

const joinSubmission = `
  join team on team.id = submission.team_id and team.kind = 'students'
  join phase on phase.id = submission.phase_id ${joinWhere}`;

/** SQL: of submissions that failed. @param ids a query of them @param cause whose fault it was; SQL */
export function failuresOf(ids: string, cause: string): string {
  return deliveries(
    'run_failed',
    `select course.id as course_id, true as chatty, jsonb_build_object(${where}, ${who}, 'cause', ${cause}) as data
     from submission ${joinSubmission}
     where submission.id in (${ids})`,
  );
}

/** A submission's code ran, and what came of it could not be scored. */
export async function tellProgramFailed(client: Queryable, submissionId: number): Promise<void> {
  await execute(client, failuresOf('$1', `'program'`), [submissionId]);
}

/** @param again it had a score before: chats are not told of thousands of reruns */
export async function tellScored(client: Queryable, submissionId: number, again: boolean): Promise<void> {
  await execute(
    client,
    deliveries(
      'submission_scored',
      `select course.id as course_id,
              not $2::boolean as chatty,
              jsonb_build_object(${where}, ${who},
                'metric', competition.metrics[1],
                'publicScore', submission.scores -> 'public' -> competition.metrics[1] -> 'value',
                'again', $2::boolean) as data
       from submission ${joinSubmission}
       where submission.id = $1`,
    ),
    [submissionId, again],
  );
}

/** @param released of how many students */
export async function tellReleased(client: Queryable, phaseId: number, released: number): Promise<void> {
  await execute(
    client,
    deliveries(
      'grade_released',
      `select course.id as course_id, true as chatty, jsonb_build_object(${where}, 'released', $2::int) as data
       from phase ${joinWhere}
       where phase.id = $1`,
    ),
    [phaseId, released],
  );
}

/**
 * Tells of what has opened since the last look, however long ago that was, once: the row of `phase_opening` is the memory. Where an opening is put off
 * into the future, it is forgotten, and told when it comes. To be called again and again; several may do so at once.
 */
export async function tellOpened(db: Queryable): Promise<void> {
  await execute(
    db,
    `delete from phase_opening using phase where phase.id = phase_opening.phase_id and phase.opens_at > now()`,
  );
  await execute(
    db,
    `with opened as (
       insert into phase_opening (phase_id)
       select phase.id
       from phase
       join competition on competition.id = phase.competition_id
       where competition.published_at <= now()
         and coalesce(phase.opens_at <= now(), true)
         and not exists (select from phase_opening where phase_id = phase.id)
       on conflict do nothing
       returning phase_id
     )
     ${deliveries(
       'competition_opened',
       // What was published when it was over already has never opened.
       `select course.id as course_id,
               true as chatty,
               jsonb_build_object(${where},
                 'opensAt', greatest(phase.opens_at, competition.published_at),
                 'dueAt', phase.due_at) as data
        from opened
        join phase on phase.id = opened.phase_id ${joinWhere}
        where coalesce(greatest(phase.due_at, phase.late_until) > greatest(phase.opens_at, competition.published_at), true)`,
     )}`,
  );
}
