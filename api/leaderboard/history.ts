import { z } from 'zod';
import { rows, type Queryable } from '../../core/db/sql.ts';

/** How a phase's public board stood at the end of each day. */
export interface History {
  /** Of the course's zone, in order: those on which something was scored. */
  readonly days: readonly Day[];
  readonly teams: ReadonlyMap<number, Course>;
}

interface Day {
  readonly day: string;
  readonly rankedTeams: number;
}

/** A team through the days. */
interface Course {
  /** 0 while it is not on the board, and for a baseline. */
  readonly ranks: Int32Array;
  /** Not a number while it is not on the board. */
  readonly values: Float64Array;
}

/** Histories, kept in the process for a minute: to work one out reads a row for each team and day. */
export interface Histories {
  current(phaseId: number): Promise<History>;
}

const keepMs = 60_000;
const keepAtMost = 20;

export function createHistories(db: Queryable): Histories {
  const kept = new Map<number, { readonly until: number; readonly history: Promise<History> }>();
  return {
    current: async (phaseId) => {
      const known = kept.get(phaseId);
      if (known && known.until > performance.now()) return await known.history;
      // Whoever asks meanwhile waits for the same reading.
      const history = readDaily(db, phaseId).then(historyOf);
      if (kept.size >= keepAtMost) kept.clear();
      kept.set(phaseId, { until: performance.now() + keepMs, history });
      try {
        return await history;
      } catch (error) {
        if (kept.get(phaseId)?.history === history) kept.delete(phaseId);
        throw error;
      }
    },
  };
}

const Daily = z.object({
  teamId: z.number().int(),
  baseline: z.boolean(),
  day: z.string(),
  /** What it is ranked by, from the highest down. */
  order: z.number(),
  value: z.number(),
  receivedAt: z.date(),
  id: z.number().int(),
  last: z.boolean(),
});
export type Daily = z.infer<typeof Daily>;

/** More days than these nobody draws. */
const maxDays = 200;

/** What each team's day came to: its best submission of the day, or its last where the last one counts. */
async function readDaily(db: Queryable, phaseId: number): Promise<Daily[]> {
  return await rows(
    db,
    Daily,
    `with scored as (
       select submission.team_id,
              team.kind = 'baseline' as baseline,
              (submission.received_at at time zone course.time_zone)::date as day,
              submission.public_value,
              coalesce((submission.scores -> 'public' -> competition.metrics[1] ->> 'value')::float8, submission.public_value) as value,
              submission.received_at,
              submission.id,
              phase.counts = 'last' as last
       from phase
       join competition on competition.id = phase.competition_id
       join course on course.id = competition.course_id
       join submission on submission.phase_id = phase.id
       join team on team.id = submission.team_id
       where phase.id = $1
         and team.kind <> 'staff'
         and submission.disqualified_at is null
         and submission.public_value is not null
     )
     select distinct on (day, team_id)
            team_id as "teamId",
            baseline,
            day::text,
            public_value as "order",
            value,
            received_at as "receivedAt",
            id,
            last
     from scored
     order by day, team_id, case when last then received_at end desc, case when last then id end desc, public_value desc, received_at, id`,
    [phaseId],
  );
}

/** The board at the end of each day, from what each team's days came to, in the order of the days. */
export function historyOf(daily: readonly Daily[]): History {
  const byDay = [...Map.groupBy(daily, ({ day }) => day)];
  const shown = Math.min(byDay.length, maxDays);
  const standing = new Map<number, Daily>();
  const teams = new Map<number, Course>();
  const days: Day[] = [];
  for (const [index, [day, results]] of byDay.entries()) {
    for (const result of results) {
      const before = standing.get(result.teamId);
      if (before === undefined || result.last || goesBefore(result, before) < 0) standing.set(result.teamId, result);
    }
    const at = index - (byDay.length - shown);
    if (at < 0) continue;
    let rank = 0;
    for (const { teamId, baseline, value } of [...standing.values()].toSorted(goesBefore)) {
      const course = teams.get(teamId) ?? { ranks: new Int32Array(shown), values: new Float64Array(shown).fill(NaN) };
      teams.set(teamId, course);
      course.ranks[at] = baseline ? 0 : ++rank;
      course.values[at] = value;
    }
    days.push({ day, rankedTeams: rank });
  }
  return { days, teams };
}

function goesBefore(a: Daily, b: Daily): number {
  return b.order - a.order || a.receivedAt.getTime() - b.receivedAt.getTime() || a.id - b.id;
}
