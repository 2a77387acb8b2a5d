import { createRandom } from '../unit/scoring/support.ts';

/** A midterm as it might have gone: who was in which team, who sent what and when, what was graded by hand. The same for the same seed. */
export interface MidtermPlan {
  readonly rows: readonly KeyRow[];
  /** Students are numbered from 0. */
  readonly students: number;
  readonly teams: readonly (readonly number[])[];
  /** In the order of their times. */
  readonly submissions: readonly PlannedSubmission[];
  /** Later due times, in minutes after the class’s. */
  readonly extensions: readonly { readonly student?: number; readonly team?: number; readonly minutes: number }[];
  readonly accommodations: readonly {
    readonly student: number;
    readonly extraDays: number;
    readonly timeFactor: number;
  }[];
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
export const planned = {
  rows: 200,
  students: 100,
  pairs: 20,
  singles: 50,
  dueAfterMinutes: 14 * days,
  lateMinutes: 2 * days,
  graceMinutes: 5,
};

/**
 * Twenty pairs, fifty who work alone, and ten who never send anything; one to five submissions of each team, the later ones a little better, and of every
 * third team the last one around or after its due time.
 */
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
  const extensions = [
    ...[3, 12, 46, 61].map((student) => ({ student, minutes: 60 * (1 + random(72)) })),
    ...[5, 30].map((team) => ({ team, minutes: 1 + random(days) })),
    // Two of one team: the later one counts.
    ...[8, 9].map((student) => ({ student, minutes: 1 + random(3 * days) })),
  ];
  // Of the teams that hand something in late: every third of them has somebody with more time.
  const accommodations = teams.flatMap(([student = 0], team) =>
    team % 9 === 0
      ? [team % 2 === 0 ? { student, extraDays: 1, timeFactor: 1 } : { student, extraDays: 0, timeFactor: 1.25 }]
      : [],
  );
  const submissions = teams.flatMap((members, team) => {
    const skill = 250 + random(450);
    const count = 1 + random(5);
    return Array.from({ length: count }, (_, i) => ({
      team,
      by: members[random(members.length)] ?? 0,
      afterMinutes:
        team % 3 === 0 && i === count - 1
          ? planned.dueAfterMinutes - 30 + random(planned.lateMinutes)
          : 1 + random(planned.dueAfterMinutes - 1),
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
    extensions,
    accommodations,
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
