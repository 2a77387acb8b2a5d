import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type LeaderboardRow, leaderboardEvents } from '../../../core/contract/leaderboard.ts';
import type { Board } from '../../../core/contract/scores.ts';
import { urlOf } from '../api/call.ts';
import { leaderboardQuery } from '../api/queries.ts';
import { useEvents } from '../api/use-events.ts';
import { type Move, movesBetween, rowKey } from './movement.ts';

const POLL_MS = 5000;
const HIGHLIGHT_MS = 6000;

interface BoardPlace {
  readonly slug: string;
  readonly phase: string | undefined;
  readonly board: Board;
  readonly part: string | undefined;
}

/** A board that stays true: read again when the server tells of a change, or every few seconds where it can't. */
export function useBoard(place: BoardPlace) {
  const url = urlOf(leaderboardEvents, {
    params: { slug: place.slug },
    query: { phase: place.phase, board: place.board, part: place.part },
  });
  const queryClient = useQueryClient();
  const liveness = useEvents(url, {
    leaderboard: () => void queryClient.invalidateQueries({ queryKey: leaderboardQuery(place).queryKey }),
  });
  const query = useInfiniteQuery({
    ...leaderboardQuery(place),
    refetchInterval: liveness === 'down' ? POLL_MS : false,
  });
  const rows = query.data === undefined ? undefined : uniqueRows(query.data.pages.flatMap((page) => page.rows));
  const latest = query.data?.pages[0];
  const moves = useMoves(rows, query.dataUpdatedAt);
  const myMove = useLastMove(latest?.me?.rank ?? undefined);
  return { query, rows, latest, moves, myMove, liveness };
}

/** A row that changed pages between two reads would stand in both. */
function uniqueRows(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  return [...new Map(rows.map((row) => [rowKey(row), row])).values()];
}

const noMoves: ReadonlyMap<string, Move> = new Map();

/** Who moved with the last reading; forgotten after a while. */
function useMoves(rows: readonly LeaderboardRow[] | undefined, readAt: number): ReadonlyMap<string, Move> {
  const before = useRef<{ rows: readonly LeaderboardRow[]; readAt: number }>(undefined);
  const [moves, setMoves] = useState(noMoves);
  useEffect(() => {
    if (rows === undefined || before.current?.readAt === readAt) return;
    const found = before.current === undefined ? noMoves : movesBetween(before.current.rows, rows);
    before.current = { rows, readAt };
    if (found.size > 0) setMoves(found);
  }, [rows, readAt]);
  useEffect(() => {
    if (moves.size === 0) return;
    const timer = setTimeout(() => setMoves(noMoves), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
  }, [moves]);
  return moves;
}

/** The last change of my own rank since the page was opened. */
function useLastMove(rank: number | undefined): Move | undefined {
  const [seen, setSeen] = useState<{ rank: number | undefined; move: Move | undefined }>({ rank, move: undefined });
  if (rank !== undefined && rank !== seen.rank) {
    setSeen({ rank, move: seen.rank === undefined ? undefined : { from: seen.rank, to: rank } });
  }
  return seen.move;
}
