import type { Answers } from './answers.ts';

/** How two submissions agree in what they got wrong. */
export interface Agreement {
  /** Rows that both got wrong. */
  readonly wrong: number;
  /** Of these, where both gave the same label. */
  readonly same: number;
  /** How many of those chance would make the same. */
  readonly expected: number;
  /** At most so likely is it that chance makes so many the same; 1 where they are no more than expected. */
  readonly chance: number;
}

/**
 * How often pairs of submissions give the same wrong label, against chance. Right answers tell nothing: they are what everybody aims at.
 *
 * On a row that both got wrong, chance makes them agree with probability p = Σ s(l)², where s(l) is the share of the wrong label l among the wrong answers
 * of all other teams to that row: that is what two independent answers of such teams would do. Where no other team is wrong on it, the shares are those of
 * all teams over all rows of the same true label. Both estimates are on average larger than what they estimate, so the test errs to the side of the
 * students. With the rows independent, the number of agreements among n rows is a sum of independent trials, and the chance that it reaches m > Σp is at
 * most exp(-n · KL(m/n ‖ Σp/n)), with KL(x ‖ y) = x ln(x/y) + (1-x) ln((1-x)/(1-y)).
 *
 * The comparison with what the class answers to each question is that of R. B. Frary, T. N. Tideman and T. M. Watts, "Indices of cheating on
 * multiple-choice tests", Journal of Educational Statistics 2 (1977), 235–256, taken of errors only as in D. N. Harpp and J. J. Hogan, "Crime in the
 * classroom", Journal of Chemical Education 70 (1993), 306–311; the bound is theorem 1 of W. Hoeffding, "Probability inequalities for sums of bounded
 * random variables", Journal of the American Statistical Association 58 (1963), 13–30.
 * @returns compares the teams with these indices, in time proportional to the rows that the first one got wrong
 */
export function createComparison(answers: Answers): (a: number, b: number) => Agreement {
  const { rows, truth } = answers;
  const byRow = countWrong(answers);
  const byLabel = repeatsByLabel(answers);
  const chances = Float64Array.from(rows, (row) => byLabel.get(truth[row] ?? 0) ?? 1);
  return (a, b) => {
    const [first, second] = [byRow.teams[a], byRow.teams[b]];
    if (!first || !second) throw new RangeError('there is no such team');
    let wrong = 0;
    let same = 0;
    let expected = 0;
    // Tens of millions of times: nothing is allocated in here.
    for (const index of first.wrong) {
      const ofSecond = second.alike[index] ?? 0;
      if (ofSecond === 0) continue;
      const ofFirst = first.alike[index] ?? 0;
      const agree = first.labels[index] === second.labels[index];
      wrong++;
      if (agree) same++;
      const others = (byRow.wrong[index] ?? 0) - 2;
      // The squares of the counts, without these two teams' own answers.
      const taken = agree ? 4 * ofFirst - 4 : 2 * (ofFirst + ofSecond) - 2;
      const squares = (byRow.squares[index] ?? 0) - taken;
      expected += others > 0 ? squares / (others * others) : (chances[index] ?? 1);
    }
    return { wrong, same, expected, chance: chanceOf(wrong, same, expected) };
  };
}

/** By place among the rows: how many teams are wrong, and the squares of how many gave each wrong label; by team its label, and how many gave the same wrong one, 0 where it is right. */
function countWrong({ rows, truth, teams }: Answers) {
  const wrong = new Uint32Array(rows.length);
  const squares = new Float64Array(rows.length);
  const alike = teams.map(() => new Uint32Array(rows.length));
  const labels = teams.map(({ best }) => rows.map((row) => best[row] ?? 0));
  const places = rows.map((_row, index) => index);
  const counts = new Map<number, number>();
  for (const [index, row] of rows.entries()) {
    counts.clear();
    for (const { best } of teams) {
      const label = best[row] ?? 0;
      if (label !== truth[row]) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    for (const count of counts.values()) {
      wrong[index] = (wrong[index] ?? 0) + count;
      squares[index] = (squares[index] ?? 0) + count ** 2;
    }
    for (const [team, { best }] of teams.entries()) {
      const own = alike[team];
      if (own) own[index] = counts.get(best[row] ?? 0) ?? 0;
    }
  }
  return {
    wrong,
    squares,
    teams: alike.map((same, team) => ({
      alike: same,
      labels: labels[team] ?? new Uint32Array(),
      wrong: places.filter((index) => same[index] !== 0),
    })),
  };
}

/** True label → the chance that two wrong answers to rows of it are the same. */
function repeatsByLabel({ rows, truth, teams }: Answers): ReadonlyMap<number, number> {
  const counts = new Map<number, Map<number, number>>();
  for (const row of rows) {
    const label = truth[row] ?? 0;
    const given = counts.get(label) ?? new Map<number, number>();
    counts.set(label, given);
    for (const { best } of teams)
      if (best[row] !== label) given.set(best[row] ?? 0, (given.get(best[row] ?? 0) ?? 0) + 1);
  }
  return new Map(
    [...counts].map(([label, given]) => {
      const total = [...given.values()].reduce((sum, count) => sum + count, 0);
      const squares = [...given.values()].reduce((sum, count) => sum + count ** 2, 0);
      return [label, total === 0 ? 1 : squares / total ** 2];
    }),
  );
}

function chanceOf(rows: number, same: number, expected: number): number {
  const [x, y] = [same / rows, expected / rows];
  if (rows === 0 || x <= y) return 1;
  const divergence = x * Math.log(x / y) + (x === 1 ? 0 : (1 - x) * Math.log((1 - x) / (1 - y)));
  return Math.exp(-rows * divergence);
}
