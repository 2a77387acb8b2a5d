import { z } from 'zod';
import type { Grade, GradeScheme } from '../../core/contract/grade-scheme.ts';
import type { Gradebook, GradebookRow, Mark } from '../../core/contract/grades.ts';
import { oneRow, type Queryable } from '../../core/db/sql.ts';
import { gradeOf, mostPoints, type Evidence } from '../../core/grades/grade.ts';
import { summarise } from '../../core/grades/summary.ts';
import { readEvidence, type KeptMark, type KeptRelease, type PhaseEvidence, type Student } from './evidence.ts';
import type { Attempt } from './earlier.ts';
import type { Late } from './late.ts';
import { getScheme } from './scheme.ts';
import type { Target } from './target.ts';

/**
 * Every student's grade as it stands now, and what was released of it.
 * @throws conflict where the phase has no scheme yet
 */
export async function readGradebook(db: Queryable, target: Target, revealed: boolean): Promise<Gradebook> {
  const { version, scheme } = await getScheme(db, target);
  const graded = await gradeAll(db, target.phase.id, scheme);
  const most = mostPoints(scheme);
  const points = graded.map(({ grade, missing }) => ({ points: grade.points, missing }));
  const { quartiles, histogram, ...summary } = summarise(points, most);
  return {
    competition: target.competition.slug,
    phase: target.phase.slug,
    version,
    scheme,
    most,
    revealed,
    waiting: await countWaiting(db, target.phase.id),
    rows: graded,
    summary: { ...summary, quartiles: quartiles && [...quartiles], histogram: [...histogram] },
  };
}

/** By name. */
export async function gradeAll(db: Queryable, phaseId: number, scheme: GradeScheme): Promise<GradebookRow[]> {
  const evidence = await readEvidence(db, phaseId);
  return evidence.students.map((student) => rowOf(scheme, student, evidence));
}

/** Submissions of students that have no verdict yet. */
export async function countWaiting(db: Queryable, phaseId: number): Promise<number> {
  const { waiting } = await oneRow(
    db,
    z.object({ waiting: z.number().int() }),
    `select count(*)::int as waiting
     from submission
     join team on team.id = submission.team_id
     where submission.phase_id = $1 and submission.state in ('queued', 'running') and team.kind = 'students'`,
    [phaseId],
  );
  return waiting;
}

function rowOf(
  scheme: GradeScheme,
  student: Student,
  { late, earlier, marks, overrides, releases }: PhaseEvidence,
): GradebookRow {
  const { userId, name, email, studentId, username, section, team } = student;
  const given = marks.get(userId) ?? [];
  // A second opinion comes after the first, and takes its place.
  const counted = new Map(given.map((mark) => [mark.item, mark]));
  const override = overrides.get(userId);
  const attempts = [...(earlier.get(userId) ?? []), ...countedAttempt(student, late.get(userId))];
  const { grade, attempt } = bestOf(scheme, attempts, { marks: counted, override });
  const missing = attempt === undefined && given.length === 0 && override === undefined;
  const unmarked = scheme.rubric.filter(({ id }) => !counted.has(id)).map(({ id }) => id);
  return {
    userId,
    name,
    email,
    studentId,
    username,
    section,
    team,
    submissionId: attempt?.submissionId ?? null,
    submittedAt: attempt?.receivedAt.toISOString() ?? null,
    missing,
    grade,
    // What was not handed in can't be graded, and a grade that was set needs no marks.
    unmarked: missing || override ? [] : unmarked,
    marks: given.map(viewMark),
    override: override
      ? { points: override.points, reason: override.reason, setAt: override.setAt.toISOString() }
      : null,
    released: releasedOf(releases.get(userId), grade),
  };
}

function countedAttempt({ submissionId, receivedAt, score, rank }: Student, late: Late | undefined): Attempt[] {
  if (submissionId === null || receivedAt === null || score === null || rank === null) return [];
  return [{ submissionId, receivedAt, score, rank, late }];
}

/** The grade of the attempt that is worth most, of two the earlier one; without any, what a grade is then. */
function bestOf(
  scheme: GradeScheme,
  attempts: readonly Attempt[],
  rest: Pick<Evidence, 'marks' | 'override'>,
): { grade: Grade; attempt: Attempt | undefined } {
  const none = { grade: gradeOf(scheme, { counted: undefined, late: undefined, ...rest }), attempt: undefined };
  const graded = attempts.map((attempt) => {
    const { score, rank, late } = attempt;
    return { grade: gradeOf(scheme, { counted: { score, rank }, late, ...rest }), attempt };
  });
  return graded.reduce((best, one) => (one.grade.points > best.grade.points ? one : best), graded[0] ?? none);
}

export function viewMark({ item, points, comment, second, graderId, grader, gradedAt }: KeptMark): Mark {
  return {
    item,
    points,
    comment,
    grader: { userId: graderId, name: grader },
    gradedAt: gradedAt.toISOString(),
    second,
  };
}

function releasedOf(release: KeptRelease | undefined, now: GradebookRow['grade']): GradebookRow['released'] {
  if (!release) return null;
  return {
    grade: release.grade,
    releasedAt: release.releasedAt.toISOString(),
    regradeUntil: release.regradeUntil?.toISOString() ?? null,
    differs: !sameGrade(release.grade, now),
  };
}

/** Line by line: the same points for another reason are another grade. */
function sameGrade(a: GradebookRow['grade'], b: GradebookRow['grade']): boolean {
  const plain = ({ points, of, lines }: GradebookRow['grade']) =>
    JSON.stringify([
      points,
      of,
      lines.map(({ kind, item, what, points: earned, of: most, because }) => [
        kind,
        item ?? null,
        what,
        earned,
        most,
        because,
      ]),
    ]);
  return plain(a) === plain(b);
}
