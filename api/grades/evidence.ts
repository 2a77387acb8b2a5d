import { z } from 'zod';
import { Grade } from '../../core/contract/grade-scheme.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { readEarlier, type Attempt } from './earlier.ts';
import { readLate, type Late } from './late.ts';

const Student = z.object({
  userId: z.number().int(),
  name: z.string(),
  email: z.string(),
  studentId: z.string(),
  username: z.string(),
  section: z.string(),
  team: z.string().nullable(),
  submissionId: z.number().int().nullable(),
  receivedAt: z.date().nullable(),
  rank: z.number().int().nullable(),
  score: z.number().nullable(),
});

/** A student of the course, and the team's submission that counts in the phase. */
export type Student = z.output<typeof Student>;

const KeptMark = z.object({
  userId: z.number().int(),
  item: z.string(),
  points: z.number(),
  comment: z.string(),
  second: z.boolean(),
  graderId: z.number().int(),
  grader: z.string(),
  gradedAt: z.date(),
});
export type KeptMark = z.output<typeof KeptMark>;

const KeptOverride = z.object({ userId: z.number().int(), points: z.number(), reason: z.string(), setAt: z.date() });

const KeptRelease = z.object({
  userId: z.number().int(),
  grade: Grade,
  releasedAt: z.date(),
  regradeUntil: z.date().nullable(),
});
export type KeptRelease = z.output<typeof KeptRelease>;

/** All that the grades of a phase are made from, beside the scheme. */
export interface PhaseEvidence {
  /** By name. */
  readonly students: readonly Student[];
  /** By student, of those who are late. */
  readonly late: ReadonlyMap<number, Late>;
  /** By student, what may be worth more than the late submission that counts. */
  readonly earlier: ReadonlyMap<number, readonly Attempt[]>;
  /** By student; a second opinion after the first. */
  readonly marks: ReadonlyMap<number, readonly KeptMark[]>;
  readonly overrides: ReadonlyMap<number, z.output<typeof KeptOverride>>;
  readonly releases: ReadonlyMap<number, KeptRelease>;
}

export async function readEvidence(db: Queryable, phaseId: number): Promise<PhaseEvidence> {
  const students = await readStudents(db, phaseId);
  const marks = await readMarks(db, phaseId);
  const overrides = await rows(
    db,
    KeptOverride,
    `select user_id as "userId", points, reason, set_at as "setAt" from grade_override where phase_id = $1`,
    [phaseId],
  );
  const releases = await rows(
    db,
    KeptRelease,
    `select user_id as "userId", grade, released_at as "releasedAt", regrade_until as "regradeUntil"
     from grade_release
     where phase_id = $1`,
    [phaseId],
  );
  return {
    students,
    late: await readLate(db, phaseId),
    earlier: await readEarlier(db, phaseId),
    marks: Map.groupBy(marks, ({ userId }) => userId),
    overrides: new Map(overrides.map((entry) => [entry.userId, entry])),
    releases: new Map(releases.map((entry) => [entry.userId, entry])),
  };
}

/** Who is in no team, or whose team has no score, is there as well. Ranks are those of the final standing; before it is frozen, and of who is not in it, those of the private board. */
async function readStudents(db: Queryable, phaseId: number): Promise<Student[]> {
  return await rows(
    db,
    Student,
    `with ranked as (
       select standing.team_id,
              standing.submission_id,
              standing.received_at,
              standing.value,
              row_number() over (order by standing.value desc, standing.received_at, standing.submission_id)::int as rank
       from standing
       join team on team.id = standing.team_id
       where standing.phase_id = $1 and standing.board = 'private' and team.kind = 'students'
     ),
     final as (
       select final_place.team_id, (place.value ->> 'rank')::int as rank
       from (select id, document from final_standing where phase_id = $1 order by version desc limit 1) as frozen
       cross join jsonb_array_elements(frozen.document::jsonb -> 'rows') with ordinality as place(value, number)
       join final_place on final_place.final_standing_id = frozen.id and final_place.position = place.number - 1
     )
     select "user".id as "userId",
            "user".name,
            "user".email,
            enrollment.student_id as "studentId",
            enrollment.username,
            coalesce(section.name, '') as section,
            team.pseudonym as team,
            ranked.submission_id as "submissionId",
            ranked.received_at as "receivedAt",
            coalesce(final.rank, ranked.rank) as rank,
            coalesce((submission.scores -> 'private' -> competition.metrics[1] ->> 'value')::float8, ranked.value) as score
     from phase
     join competition on competition.id = phase.competition_id
     join enrollment on enrollment.course_id = competition.course_id and enrollment.role = 'student' and enrollment.dropped_at is null
     join "user" on "user".id = enrollment.user_id
     left join section on section.id = enrollment.section_id
     left join team_member on team_member.competition_id = competition.id and team_member.user_id = "user".id
     left join team on team.id = team_member.team_id
     left join ranked on ranked.team_id = team.id
     left join final on final.team_id = team.id
     left join submission on submission.id = ranked.submission_id
     where phase.id = $1
     order by "user".name, "user".id`,
    [phaseId],
  );
}

/** Of a phase, or of one of its students. */
export async function readMarks(db: Queryable, phaseId: number, userId?: number): Promise<KeptMark[]> {
  return await rows(
    db,
    KeptMark,
    `select rubric_mark.user_id as "userId",
            rubric_mark.item,
            rubric_mark.points,
            rubric_mark.comment,
            rubric_mark.opinion = 'second' as second,
            rubric_mark.grader_id as "graderId",
            "user".name as grader,
            rubric_mark.graded_at as "gradedAt"
     from rubric_mark
     join "user" on "user".id = rubric_mark.grader_id
     where rubric_mark.phase_id = $1 and ($2::int is null or rubric_mark.user_id = $2)
     order by rubric_mark.item, rubric_mark.opinion`,
    [phaseId, userId ?? null],
  );
}
