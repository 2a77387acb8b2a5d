import type { Grade, GradeScheme } from '../contract/grade-scheme.ts';
import type { GradesFormat } from '../contract/grades.ts';
import { csvOf, type CsvCell } from '../csv.ts';
import { fullPoints } from './grade.ts';

/** A student as the exports tell of them. */
export interface ExportedStudent {
  readonly userId: number;
  readonly name: string;
  readonly email: string;
  /** As the learning-management system knows them; empty where it is not known here. */
  readonly studentId: string;
  readonly username: string;
  readonly section: string;
  readonly team: string;
  readonly submissionId: number | null;
  readonly submittedAt: string | null;
  /** Handed nothing in. */
  readonly missing: boolean;
  /** Undefined: there is none to be told, and its cells stay empty. */
  readonly grade: Grade | undefined;
}

export interface Exported {
  /** The assignment's, as the system that takes the file is to call it. */
  readonly title: string;
  readonly phaseId: number;
  readonly scheme: GradeScheme;
  readonly students: readonly ExportedStudent[];
}

/** Grades as a file that a spreadsheet or a learning-management system reads; every student is in it. */
export function gradesCsv(format: GradesFormat, exported: Exported): string {
  return csvOf(tables[format](exported));
}

const tables: Readonly<Record<GradesFormat, (exported: Exported) => CsvCell[][]>> = {
  plain,
  gradescope,
  canvas,
  blackboard,
};

function plain({ scheme, students }: Exported): CsvCell[][] {
  const items = scheme.rubric.map(({ id }) => id);
  const header = ['name', 'email', 'student_id', 'section', 'team', 'points', 'of', 'performance', 'bonus', ...items];
  return [
    [...header, 'late', 'override', 'submission', 'submitted_at'],
    ...students.map((student) => [
      student.name,
      student.email,
      student.studentId,
      student.section,
      student.team,
      student.grade?.points ?? null,
      fullPoints(scheme),
      pointsOf(student.grade, 'performance'),
      pointsOf(student.grade, 'bonus'),
      ...items.map((item) => pointsOf(student.grade, 'rubric', item)),
      pointsOf(student.grade, 'late'),
      pointsOf(student.grade, 'override'),
      student.submissionId,
      student.submittedAt,
    ]),
  ];
}

/** The columns of Gradescope's "Download Grades" of one assignment; its questions are the lines of the grade. */
function gradescope({ scheme, students }: Exported): CsvCell[][] {
  const questions: { what: string; of: number | undefined; kind: Kind; item?: string }[] = [
    ...(scheme.performance
      ? [{ what: 'Performance', of: scheme.performance.anchors.at(-1)?.points, kind: 'performance' as const }]
      : []),
    ...scheme.rubric.map(({ id, title, points }) => ({ what: title, of: points, kind: 'rubric' as const, item: id })),
  ];
  return [
    [
      'First Name',
      'Last Name',
      'SID',
      'Email',
      'Sections',
      'Total Score',
      'Max Points',
      'Status',
      'Submission ID',
      'Submission Time',
      ...questions.map(({ what, of }, i) => `${i + 1}: ${what} (${(of ?? 0).toFixed(1)} pts)`),
    ],
    ...students.map((student) => [
      ...firstAndLast(student.name),
      student.studentId,
      student.email,
      student.section,
      student.grade?.points ?? null,
      fullPoints(scheme),
      student.missing ? 'Missing' : student.grade ? 'Graded' : 'Ungraded',
      student.submissionId,
      student.submittedAt,
      ...questions.map(({ kind, item }) => pointsOf(student.grade, kind, item)),
    ]),
  ];
}

/**
 * Canvas's gradebook, for its "Import": students are found by the SIS ids, the assignment by its title, and the row after the header gives the full points.
 * `ID` is Canvas's own number, which only Canvas knows.
 */
function canvas({ title, scheme, students }: Exported): CsvCell[][] {
  return [
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', title],
    ['    Points Possible', null, null, null, null, fullPoints(scheme)],
    ...students.map((student) => [
      lastThenFirst(student.name),
      null,
      student.studentId,
      student.username,
      student.section,
      student.grade?.points ?? null,
    ]),
  ];
}

/** Blackboard's "Work Offline" file: the number after the bar names the column, and one that it doesn't know makes a new one. */
function blackboard({ title, phaseId, scheme, students }: Exported): CsvCell[][] {
  const column = `${title} [Total Pts: ${fullPoints(scheme)} Score] |${phaseId}`;
  return [
    ['Last Name', 'First Name', 'Username', 'Student ID', column],
    ...students.map((student) => [
      ...firstAndLast(student.name).toReversed(),
      student.username,
      student.studentId,
      student.grade?.points ?? null,
    ]),
  ];
}

type Kind = Grade['lines'][number]['kind'];

function pointsOf(grade: Grade | undefined, kind: Kind, item?: string): number | null {
  return grade?.lines.find((line) => line.kind === kind && line.item === item)?.points ?? null;
}

/** The last word is taken for the last name: the systems want two, and a person here has one. */
function firstAndLast(name: string): [string, string] {
  const words = name.trim().split(/\s+/);
  return [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
}

function lastThenFirst(name: string): string {
  const [first, last] = firstAndLast(name);
  return first === '' ? last : `${last}, ${first}`;
}
