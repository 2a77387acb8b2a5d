import { z } from 'zod';
import type { Insights } from '../../core/contract/insights.ts';
import { customMetricName, CustomMetric } from '../../core/contract/scores.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import type { FullCompetition, FullPhase } from '../competitions/cache.ts';

interface Target {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
}

const mostHours = 2_000;
const mostTimes = 200;

/** How a phase goes, of its students' teams. */
export async function readInsights(db: Queryable, { competition, phase }: Target): Promise<Insights> {
  const [metric = ''] = competition.metrics;
  const sign = signOf(competition, metric);
  const { students, missing } = await readMissing(db, competition, phase.id);
  return {
    phase: phase.slug,
    metric,
    hours: await readHours(db, phase.id),
    students,
    missing,
    gains: gainsOf(await readBests(db, phase.id), sign),
    standings: await readStandings(db, phase.id, metric),
  };
}

/** What a value to rank by is multiplied by to be the score. */
function signOf({ customMetric }: FullCompetition, metric: string): 1 | -1 {
  const custom = CustomMetric.nullable().parse(customMetric);
  return metric === customMetricName && custom?.higherIsBetter === false ? -1 : 1;
}

async function readHours(db: Queryable, phaseId: number): Promise<Insights['hours']> {
  const found = await rows(
    db,
    z.object({ at: z.date(), count: z.number().int() }),
    `select date_trunc('hour', submission.received_at) as at, count(*)::int
     from submission
     join team on team.id = submission.team_id
     where submission.phase_id = $1 and team.kind = 'students'
     group by 1
     order by 1 desc
     limit $2`,
    [phaseId, mostHours],
  );
  return found.toReversed().map(({ at, count }) => ({ at: at.toISOString(), count }));
}

async function readMissing(db: Queryable, { courseId, id }: FullCompetition, phaseId: number) {
  const found = await rows(
    db,
    z.object({ userId: z.number().int(), name: z.string(), email: z.string(), section: z.string(), sent: z.boolean() }),
    `select "user".id as "userId",
            "user".name,
            "user".email,
            coalesce(section.name, '') as section,
            exists (
              select from team_member
              join submission on submission.team_id = team_member.team_id and submission.phase_id = $3
              where team_member.competition_id = $2 and team_member.user_id = "user".id
            ) as sent
     from enrollment
     join "user" on "user".id = enrollment.user_id
     left join section on section.id = enrollment.section_id
     where enrollment.course_id = $1 and enrollment.role = 'student' and enrollment.dropped_at is null
     order by "user".name, "user".id`,
    [courseId, id, phaseId],
  );
  return {
    students: found.length,
    missing: found
      .filter(({ sent }) => !sent)
      .map(({ userId, name, email, section }) => ({ userId, name, email, section })),
  };
}

const Best = z.object({ at: z.date(), teamId: z.number().int(), value: z.number() });

/** By hour and team, what ranks best of what came in that hour; hours in order. */
async function readBests(db: Queryable, phaseId: number): Promise<z.output<typeof Best>[]> {
  return await rows(
    db,
    Best,
    `select date_trunc('hour', submission.received_at) + interval '1 hour' as at,
            submission.team_id as "teamId",
            max(submission.public_value) as value
     from submission
     join team on team.id = submission.team_id
     where submission.phase_id = $1
       and team.kind = 'students'
       and submission.public_value is not null
       and submission.disqualified_at is null
     group by 1, 2
     order by 1`,
    [phaseId],
  );
}

/** At the end of each hour in which something came, or of every so many where they are many; the last one always. */
export function gainsOf(bests: readonly z.output<typeof Best>[], sign: 1 | -1): Insights['gains'] {
  const hours = [...Map.groupBy(bests, ({ at }) => at.getTime())];
  const step = Math.ceil(hours.length / mostTimes);
  const byTeam = new Map<number, number>();
  const gains: Insights['gains'] = [];
  for (const [index, [at, ofHour]] of hours.entries()) {
    for (const { teamId, value } of ofHour) byTeam.set(teamId, Math.max(value, byTeam.get(teamId) ?? -Infinity));
    if ((hours.length - 1 - index) % step !== 0) continue;
    const values = Float64Array.from(byTeam.values()).toSorted();
    const middle = ((values[(values.length - 1) >> 1] ?? 0) + (values[values.length >> 1] ?? 0)) / 2;
    gains.push({
      at: new Date(at).toISOString(),
      best: sign * (values.at(-1) ?? 0),
      median: sign * middle,
      teams: values.length,
    });
  }
  return gains;
}

async function readStandings(db: Queryable, phaseId: number, metric: string): Promise<Insights['standings']> {
  return await rows(
    db,
    z.object({ team: z.string(), submissionId: z.number().int(), public: z.number(), private: z.number() }),
    `select team.pseudonym as team,
            standing.submission_id as "submissionId",
            (submission.scores -> 'public' -> $2 ->> 'value')::float8 as public,
            (submission.scores -> 'private' -> $2 ->> 'value')::float8 as private
     from standing
     join team on team.id = standing.team_id and team.kind = 'students'
     join submission on submission.id = standing.submission_id
     where standing.phase_id = $1
       and standing.board = 'private'
       and submission.scores -> 'public' -> $2 ->> 'value' is not null
       and submission.scores -> 'private' -> $2 ->> 'value' is not null
     order by standing.value desc, standing.received_at, standing.submission_id`,
    [phaseId, metric],
  );
}
