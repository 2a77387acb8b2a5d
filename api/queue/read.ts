import { z } from 'zod';
import { QueueKind, type StaffQueue } from '../../core/contract/staff-queue.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { effectiveDates, ofTeam } from '../../core/schedule/effective.ts';

const Item = z.object({
  key: z.string(),
  kind: QueueKind,
  competition: z.string(),
  competitionTitle: z.string(),
  phase: z.string(),
  phaseTitle: z.string(),
  who: z.string(),
  team: z.string().nullable(),
  text: z.string(),
  since: z.date(),
  count: z.number().int(),
  submissionId: z.number().int().nullable(),
  userId: z.number().int().nullable(),
});

const Count = z.object({ kind: QueueKind, competition: z.string(), count: z.number().int() });

interface Wanted {
  readonly kind: QueueKind | undefined;
  readonly competition: string | undefined;
  readonly limit: number;
}

/** What needs the staff of a course: the most urgent kinds first, of each the oldest first. */
export async function readQueue(
  db: Queryable,
  courseId: number,
  { kind, competition, limit }: Wanted,
): Promise<StaffQueue> {
  const counts = await rows(
    db,
    Count,
    `${queue} select kind, competition, count(*)::int from item group by kind, competition order by kind, competition`,
    [courseId],
  );
  const found = await rows(
    db,
    Item,
    `${queue}
     select key,
            kind,
            competition,
            competition_title as "competitionTitle",
            phase,
            phase_title as "phaseTitle",
            who,
            team,
            left(text, 400) as text,
            since,
            count,
            submission_id as "submissionId",
            user_id as "userId"
     from item
     where ($2::text is null or kind = $2) and ($3::text is null or competition = $3)
     order by array_position($4::text[], kind), since, who, key
     limit $5`,
    // One more than asked for tells whether there are more.
    [courseId, kind ?? null, competition ?? null, QueueKind.options, limit + 1],
  );
  return {
    counts,
    items: found.slice(0, limit).map(({ since, ...item }) => ({ ...item, since: since.toISOString() })),
    more: found.length > limit,
  };
}

/** The condition of the index that holds the few submissions with which something is the matter. */
const matters = `(submission.state = 'failed' or submission.fault is not null or submission.alert is not null)`;

/**
 * SQL: all that needs the staff of course $1, as the table `item`. A rerun that failed leaves the earlier verdict with the fault beside it. A rubric is
 * to be graded as the gradebook has it: of who handed something in, and whose grade was not set as a whole.
 */
const queue = `
  with place as (
    select phase.id,
           competition.slug as competition,
           competition.title as competition_title,
           phase.slug as phase,
           phase.title as phase_title
    from competition
    join phase on phase.competition_id = competition.id
    where competition.course_id = $1
  ),
  matter as (
    select submission.id,
           submission.phase_id,
           submission.team_id,
           submission.user_id,
           submission.state,
           submission.fault,
           submission.alert,
           submission.finished_at,
           submission.disqualified_at
    from submission
    where submission.phase_id in (select id from place)
      and ${matters}
      and submission.state in ('scored', 'rejected', 'failed')
      and submission.settled_attempt is distinct from submission.attempt
  ),
  failed as (
    select 'failed-' || id as key,
           'failed' as kind,
           phase_id,
           user_id as whose,
           team_id,
           coalesce(fault, 'The grader gave up on it.') as text,
           finished_at as since,
           1 as count,
           id as submission_id,
           null::int as user_id
    from matter
    where state = 'failed' or fault is not null
  ),
  flagged as (
    select distinct on (phase_id, team_id)
           'flagged-' || phase_id || '-' || team_id as key,
           'flagged' as kind,
           phase_id,
           user_id as whose,
           team_id,
           alert as text,
           min(finished_at) over (partition by phase_id, team_id) as since,
           count(*) over (partition by phase_id, team_id)::int as count,
           id as submission_id,
           null::int as user_id
    from matter
    where alert is not null and disqualified_at is null
    order by phase_id, team_id, id desc
  ),
  regrade as (
    select 'regrade-' || regrade_request.id as key,
           'regrade' as kind,
           regrade_request.phase_id,
           regrade_request.user_id as whose,
           null::int as team_id,
           (select message.text
            from regrade_message as message
            where message.request_id = regrade_request.id
            order by message.id desc
            limit 1) as text,
           regrade_request.opened_at as since,
           1 as count,
           null::int as submission_id,
           regrade_request.user_id
    from regrade_request
    where regrade_request.state = 'open' and regrade_request.phase_id in (select id from place)
  ),
  rerun as (
    select 'rerun-' || rerun_batch.id as key,
           'rerun' as kind,
           rerun_batch.phase_id,
           rerun_batch.created_by_id as whose,
           null::int as team_id,
           (select 'Paused: ' || count(done_at) || ' of ' || count(*) || ' done'
            from rerun_batch_item
            where batch_id = rerun_batch.id) as text,
           rerun_batch.created_at as since,
           1 as count,
           null::int as submission_id,
           null::int as user_id
    from rerun_batch
    where rerun_batch.state = 'paused' and rerun_batch.phase_id in (select id from place)
  ),
  ungraded as (
    select 'ungraded-' || phase.id || '-' || enrollment.user_id as key,
           'ungraded' as kind,
           phase.id as phase_id,
           enrollment.user_id as whose,
           team_member.team_id,
           unmarked.titles as text,
           coalesce(dates.closes_at, standing.received_at, grade_scheme.updated_at) as since,
           1 as count,
           standing.submission_id,
           enrollment.user_id
    from course
    join competition on competition.course_id = course.id
    join phase on phase.competition_id = competition.id
    join grade_scheme on grade_scheme.phase_id = phase.id and jsonb_array_length(grade_scheme.scheme -> 'rubric') > 0
    join enrollment on enrollment.course_id = course.id and enrollment.role = 'student' and enrollment.dropped_at is null
    left join team_member on team_member.competition_id = competition.id and team_member.user_id = enrollment.user_id
    left join standing on standing.phase_id = phase.id and standing.board = 'private' and standing.team_id = team_member.team_id
    cross join lateral (
      select string_agg(item.value ->> 'title', ', ' order by item.place) as titles
      from jsonb_array_elements(grade_scheme.scheme -> 'rubric') with ordinality as item(value, place)
      where not exists (
        select from rubric_mark
        where rubric_mark.phase_id = phase.id
          and rubric_mark.user_id = enrollment.user_id
          and rubric_mark.item = item.value ->> 'id'
      )
    ) as unmarked
    cross join ${effectiveDates(ofTeam('team_member.team_id'))} as dates
    where course.id = $1
      and unmarked.titles is not null
      and (dates.closes_at is null or dates.closes_at < now())
      and (
        standing.submission_id is not null
        or exists (select from rubric_mark where rubric_mark.phase_id = phase.id and rubric_mark.user_id = enrollment.user_id)
      )
      and not exists (select from grade_override where grade_override.phase_id = phase.id and grade_override.user_id = enrollment.user_id)
  ),
  every as (
    select * from failed
    union all
    select * from flagged
    union all
    select * from regrade
    union all
    select * from rerun
    union all
    select * from ungraded
  ),
  item as (
    select every.key,
           every.kind,
           place.competition,
           place.competition_title,
           place.phase,
           place.phase_title,
           "user".name as who,
           team.pseudonym as team,
           every.text,
           every.since,
           every.count,
           every.submission_id,
           every.user_id
    from every
    join place on place.id = every.phase_id
    join "user" on "user".id = every.whose
    left join team on team.id = every.team_id
  )`;
