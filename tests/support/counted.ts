import type { CountingRule } from '../../core/contract/counting.ts';
import type { Board } from '../../core/contract/scores.ts';

/** A scored submission, as far as what counts depends on it. Equal times: the lower id is the earlier one. */
export interface Countable {
  readonly id: number;
  readonly receivedAt: number;
  readonly public: number | null;
  readonly private: number | null;
  readonly selected: boolean;
  readonly disqualified: boolean;
}

/** Which of a team's submissions counts on a board, by the words of decision 3: written without a look at the statement that keeps it. */
export function countedOn(board: Board, rule: CountingRule, all: readonly Countable[]): number | undefined {
  const eligible = all.filter((each) => !each.disqualified && (each.public !== null || each.private !== null));
  if (rule === 'last') {
    const last = eligible.toSorted((a, b) => b.receivedAt - a.receivedAt || b.id - a.id)[0];
    return last === undefined || last[board] === null ? undefined : last.id;
  }
  if (rule === 'best' || board === 'public') return bestOn(board, eligible);
  const chosen = eligible.filter((each) => each.selected && each.private !== null);
  if (chosen.length > 0) return bestOn('private', chosen);
  const bestPublic = eligible.find(({ id }) => id === bestOn('public', eligible));
  return bestPublic === undefined || bestPublic.private === null ? undefined : bestPublic.id;
}

function bestOn(board: Board, some: readonly Countable[]): number | undefined {
  const scored = some.flatMap((each) => (each[board] === null ? [] : [{ ...each, value: each[board] }]));
  return scored.toSorted((a, b) => b.value - a.value || a.receivedAt - b.receivedAt || a.id - b.id)[0]?.id;
}
