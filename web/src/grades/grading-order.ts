/** The part of a student's row that the order depends on. */
interface Gradable {
  readonly userId: number;
  readonly unmarked: readonly string[];
}

/** Who is graded after this one: the next with something to grade, from the top again after the last; undefined: nobody else. */
export function nextToGrade<T extends Gradable>(rows: readonly T[], { userId }: Gradable): T | undefined {
  const at = rows.findIndex((row) => row.userId === userId);
  return [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))].find(({ unmarked }) => unmarked.length > 0);
}

/** The one beside this one, graded or not; at the end it stays. */
export function neighbour<T extends Gradable>(rows: readonly T[], { userId }: Gradable, step: 1 | -1): T | undefined {
  const at = rows.findIndex((row) => row.userId === userId);
  return rows[at + step] ?? rows[at];
}
