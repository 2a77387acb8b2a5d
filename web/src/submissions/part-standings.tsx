import { Skeleton } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { getParts, type LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatValue } from '../format/number.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './submissions.module.css';

/** Below the key of the leaderboard: what changes that, changes this. */
function partsQuery({ slug, phase }: { slug: string; phase: string | undefined }) {
  return queryOptions({
    queryKey: ['leaderboard', slug, phase ?? null, 'parts'],
    queryFn: async ({ signal }) => (await call(getParts, { params: { slug }, query: { phase }, signal })).parts,
  });
}

/** What counts for my team in each part of the phase. */
export function PartStandings() {
  const { competition, phase, phaseSlug } = useCompetition();
  const query = useQuery(partsQuery({ slug: competition.slug, phase: phaseSlug }));
  if (query.isPending) return <Skeleton height={60} aria-label="Loading the parts" />;
  if (query.isError) return <Failure error={query.error} title="The parts could not be loaded" />;
  return (
    <section className="card" aria-label="What counts in each part">
      <dl className={classes.facts}>
        {query.data.map((part) => (
          <Fragment key={part.slug}>
            <dt className="label">{part.title}</dt>
            <dd>
              <Standing row={part.public} board={phase.revealed ? 'public' : undefined} />
              {part.private === undefined ? null : <Standing row={part.private} board="private" />}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

function Standing({ row, board }: { row: LeaderboardRow | null; board: 'public' | 'private' | undefined }) {
  return (
    <p>
      {board === undefined ? null : <span className="dim">{board}: </span>}
      {row === null ? (
        <span className="dim">no score yet</span>
      ) : (
        <>
          <span className="num">{formatValue(row.value)}</span>{' '}
          {row.rank === null ? null : <span className="dim">rank {row.rank}</span>}
        </>
      )}
    </p>
  );
}
