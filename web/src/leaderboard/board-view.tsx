import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { Board } from '../../../core/contract/scores.ts';
import { isProblem } from '../api/problem.ts';
import { formatCount } from '../format/number.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/notice.tsx';
import { BoardCharts } from './board-charts.tsx';
import { BoardTable } from './board-table.tsx';
import { BoardTools, type BoardWish, wholeBoard } from './board-tools.tsx';
import classes from './board-view.module.css';
import { BoardSkeleton } from './board-skeleton.tsx';
import type { Move } from './movement.ts';
import { shownRows } from './shown-rows.ts';
import { useBoard } from './use-board.ts';

const LOAD_OTHERS_AFTER_MS = 3000;

const livenessTexts = { connecting: 'connecting', live: 'live', down: 'refreshed every few seconds' };

interface Props {
  readonly slug: string;
  readonly phase: string | undefined;
  readonly board: Board;
  readonly part: string | undefined;
}

export function BoardView(place: Props) {
  const { query, rows, latest, moves, myMove, liveness } = useBoard(place);
  const [wish, setWish] = useState<BoardWish>(wholeBoard);
  const { hasNextPage, fetchNextPage, isFetching, isFetchNextPageError } = query;
  // Asked again once nothing is on its way: reading the board again breaks off the reading of its further rows.
  const mayLoad = hasNextPage && !isFetching && !isFetchNextPageError;
  const loadAll = useCallback(() => {
    if (mayLoad) void fetchNextPage();
  }, [mayLoad, fetchNextPage]);
  // In peace once the first rows are there: paper wants all of them, whoever prints.
  const isDrawn = rows !== undefined;
  useEffect(() => {
    if (!isDrawn) return;
    const timer = setTimeout(loadAll, LOAD_OTHERS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isDrawn, loadAll]);
  if (isProblem(query.error, 'board-hidden')) return <EmptyState title={query.error.message} />;
  if (query.isError && rows === undefined)
    return <Failure error={query.error} title="The leaderboard could not be loaded" />;
  if (rows === undefined || latest === undefined) return <BoardSkeleton />;
  const shown = shownRows(rows, { ...wish, myRank: latest.me?.rank ?? null });
  return (
    <>
      <div className={classes.status}>
        <p className={classes.standing} aria-live="polite">
          <Standing rank={latest.me?.rank ?? null} teams={latest.teams} move={myMove} />
        </p>
        <p className={classes.live} data-liveness={liveness}>
          {livenessTexts[liveness]}
        </p>
      </div>
      {rows.length === 0 ? (
        <EmptyState title="Nobody is on this board yet">
          <p>The first submission that is scored takes rank 1.</p>
        </EmptyState>
      ) : (
        <>
          <BoardCharts
            board={latest}
            rows={rows}
            complete={!hasNextPage}
            onNeedAll={loadAll}
            ofPart={place.part !== undefined}
          />
          <BoardTools wish={wish} onWish={setWish} board={latest} complete={!hasNextPage} onNeedAll={loadAll} />
          {wish.search === '' ? null : (
            <p role="status" className="dim">
              {formatCount(shown.length, 'row')} found
            </p>
          )}
          <BoardTable
            board={latest}
            rows={shown}
            known={rows}
            moves={moves}
            myMove={myMove}
            complete={!hasNextPage}
            onEnd={loadAll}
          />
        </>
      )}
      {hasNextPage ? (
        <Button
          variant="default"
          className={classes.more}
          loading={query.isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Load the others
        </Button>
      ) : null}
    </>
  );
}

/** Where my team stands, as a sentence that a screen reader repeats when it changes. */
function Standing({ rank, teams, move }: { rank: number | null; teams: number; move: Move | undefined }) {
  if (rank === null) return formatCount(teams, 'team');
  return (
    <>
      You are <strong className="num">{rank.toLocaleString('en-US')}</strong> of {formatCount(teams, 'team')}
      {move === undefined || move.from === null ? null : (
        <>
          {' '}
          <span className="num" data-testid="my-move">
            ({move.from} → {move.to})
          </span>
        </>
      )}
    </>
  );
}
