import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Leaderboard } from '../../../core/contract/leaderboard.ts';
import { Toggles } from '../ui/toggles.tsx';
import classes from './board-tools.module.css';
import { type BoardPart, topCount } from './shown-rows.ts';

/** Which rows somebody wants to see. */
export interface BoardWish {
  readonly part: BoardPart;
  readonly search: string;
}

export const wholeBoard: BoardWish = { part: 'all', search: '' };

/** A board shorter than this is seen at a glance. */
const WORTH_SEARCHING = 12;

interface Props {
  readonly wish: BoardWish;
  readonly onWish: (wish: BoardWish) => void;
  readonly board: Leaderboard;
  /** Whether all rows are there. */
  readonly complete: boolean;
  readonly onNeedAll: () => void;
}

/** Searches a board, shows its first rows or mine with its neighbours, and prints it. */
export function BoardTools({ wish, onWish, board, complete, onNeedAll }: Props) {
  /** Asked for, and waiting for the rows that are not there yet. */
  const [prints, setPrints] = useState(false);
  const needsAll = !complete && (prints || wish.search !== '' || wish.part === 'around');
  useEffect(() => {
    if (needsAll) onNeedAll();
  }, [needsAll, onNeedAll]);
  const isPrintable = prints && complete;
  useEffect(() => {
    if (!isPrintable) return;
    const done = () => setPrints(false);
    window.addEventListener('afterprint', done, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', done);
  }, [isPrintable]);
  const print = () => setPrints(true);
  if (board.teams < WORTH_SEARCHING) return null;
  const parts: { value: BoardPart; label: string }[] = [
    { value: 'all', label: 'All' },
    { value: 'top', label: `Top ${topCount}` },
    ...(board.me === null ? [] : [{ value: 'around' as const, label: 'Around me' }]),
  ];
  return (
    <div className={classes.tools}>
      <TextInput
        type="search"
        aria-label="Search for a team"
        placeholder="Search for a team"
        maxLength={200}
        value={wish.search}
        onChange={(event) => onWish({ ...wish, search: event.currentTarget.value })}
      />
      <Toggles
        label="Rows"
        options={parts}
        chosen={wish.search === '' ? wish.part : undefined}
        onChoose={(part) => onWish({ part, search: '' })}
      />
      <Button variant="default" className={classes.print} onClick={print}>
        Print
      </Button>
    </div>
  );
}
