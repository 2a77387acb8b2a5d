import { createRandom } from '../unit/scoring/support.ts';

/** A midterm as it might have gone: who was in which team, who sent what and when, what was graded by hand. The same for the same seed. */
export interface MidtermPlan {
  readonly rows: readonly KeyRow[];
  /** Students are numbered from 0. */
  readonly students: number;
  readonly teams: readonly (readonly number[])[];
  /** In the order of their times. */
  readonly submissions: readonly PlannedSubmission[];
  readonly marks: readonly PlannedMark[];
  readonly overrides: readonly { readonly student: number; readonly points: number; readonly reason: string }[];
}

interface KeyRow {
  readonly id: string;
  readonly usage: 'Public' | 'Private';
  readonly label: number;
  /** In the answer key that was in force at first, and was wrong in places. */
  readonly firstLabel: number;
}

interface PlannedSubmission {
  readonly team: number;
  readonly by: number;
  /** After the opening. */
  readonly afterMinutes: number;
  /** Row by row. */
  readonly labels: readonly number[];
}

interface PlannedMark {
  readonly student: number;
  readonly item: 'code' | 'report';
  readonly points: number;
  readonly second: boolean;
}

export const classes = 10;
const days = 24 * 60;
export const planned = { rows: 200, students: 100, pairs: 20, singles: 50, dueAfterMinutes: 14 * days };

/** Twenty pairs, fifty who work alone, and ten who never send anything; one to five submissions of each team, the later ones a little better. */
export function planMidterm(seed: number): MidtermPlan {
  const random = createRandom(seed);
  const rows = Array.from({ length: planned.rows }, (_, i): KeyRow => {
    const label = random(classes);
    const isWrong = i % 17 === 0;
    return {
      id: `r${i}`,
      usage: i % 2 === 0 ? 'Public' : 'Private',
      label,
      firstLabel: isWrong ? (label + 1) % classes : label,
    };
  });
  const teams = [
    ...Array.from({ length: planned.pairs }, (_, i) => [2 * i, 2 * i + 1]),
    ...Array.from({ length: planned.singles }, (_, i) => [2 * planned.pairs + i]),
  ];
  const submissions = teams.flatMap((members, team) => {
    const skill = 250 + random(450);
    return Array.from({ length: 1 + random(5) }, (_, i) => ({
      team,
      by: members[random(members.length)] ?? 0,
      afterMinutes: 1 + random(planned.dueAfterMinutes - 1),
      labels: rows.map(({ label }) => (random(1_000) < skill + 20 * i ? label : random(classes))),
    }));
  });
  const marked = teams
    .flat()
    .flatMap((student): PlannedMark[] => [
      { student, item: 'code', points: random(301) / 10, second: false },
      { student, item: 'report', points: random(61) / 2, second: false },
      ...(student % 9 === 0 ? [{ student, item: 'report' as const, points: random(31), second: true }] : []),
    ]);
  return {
    rows,
    students: planned.students,
    teams,
    submissions: submissions.toSorted((a, b) => a.afterMinutes - b.afterMinutes),
    marks: marked,
    overrides: [
      { student: 7, points: 61.25, reason: 'Agreed with the dean.' },
      { student: 99, points: 50, reason: 'Took the exam orally.' },
    ],
  };
}

export function keyFile(rows: readonly KeyRow[], which: 'firstLabel' | 'label'): string {
  return ['id,label,Usage', ...rows.map((row) => `${row.id},${row[which]},${row.usage}`), ''].join('\n');
}

export function predictionsFile(rows: readonly KeyRow[], labels: readonly number[]): string {
  return ['id,label', ...rows.map(({ id }, i) => `${id},${labels[i]}`), ''].join('\n');
}
