import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { RowOutcome, type PredictedRow } from '../../../core/contract/inspection.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { formatCount } from '../format/number.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './inspection.module.css';
import { predictedRowsQuery, type RowFilter } from './queries.ts';

const outcomes: Record<RowOutcome, string> = { misses: 'Wrong', hits: 'Right', all: 'All' };
const boards = { all: 'Both boards', public: 'Public', private: 'Private' } as const;

/** For staff: which rows a submission got right and wrong, and what it took them for. Asked for only when somebody wants it: the file is read for it. */
export function RowsPanel({ submission }: { submission: Submission }) {
  const [isOpen, open] = useState(false);
  return (
    <section className="stack" aria-label="Hits and misses">
      <h3>Hits and misses</h3>
      {isOpen ? (
        <Rows submission={submission} />
      ) : (
        <div>
          <Button variant="default" size="xs" onClick={() => open(true)}>
            Show the rows
          </Button>
        </div>
      )}
    </section>
  );
}

function Rows({ submission: { id, attempt } }: { submission: Submission }) {
  const [filter, narrow] = useState<RowFilter>({ outcome: 'misses', board: undefined });
  const name = useId();
  const query = useInfiniteQuery(predictedRowsQuery(id, attempt, filter));
  const [first] = query.data?.pages ?? [];
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className={classes.filter}>
        <div>
          <label className="label" htmlFor={`${name}-rows`}>
            Rows
          </label>{' '}
          <select
            id={`${name}-rows`}
            value={filter.outcome}
            onChange={(event) => narrow({ ...filter, outcome: RowOutcome.parse(event.currentTarget.value) })}
          >
            {RowOutcome.options.map((outcome) => (
              <option key={outcome} value={outcome}>
                {outcomes[outcome]}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label className="label" htmlFor={`${name}-board`}>
            Board
          </label>{' '}
          <select
            id={`${name}-board`}
            value={filter.board ?? 'all'}
            onChange={(event) => {
              const { value } = event.currentTarget;
              narrow({ ...filter, board: value === 'public' || value === 'private' ? value : undefined });
            }}
          >
            {Object.entries(boards).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </div>
        {first === undefined ? null : (
          <span className="num dim">
            {formatCount(first.hits, 'row')} right, {first.misses.toLocaleString('en-US')} wrong by {first.metric}
          </span>
        )}
      </div>
      {query.isError ? <Failure error={query.error} title="The rows could not be read" /> : null}
      {query.isPending ? <Skeleton height={200} aria-label="Reading the rows" /> : null}
      {first !== undefined && rows.length === 0 ? <p className="dim">There is no such row.</p> : null}
      {rows.length === 0 ? null : <Table rows={rows} />}
      {query.hasNextPage ? (
        <div>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Load more
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Table({ rows }: { rows: readonly PredictedRow[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Rows, as a table">
      <table className={classes.rows}>
        <thead>
          <tr>
            {['Row', 'True label', 'Predicted', 'Rank of the true one', 'Board'].map((name) => (
              <th key={name} scope="col" className="label">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, truth, predicted, rank, hit, usage }) => (
            <tr key={id} data-hit={hit}>
              <th scope="row" className="mono">
                {id}
              </th>
              <td>{truth}</td>
              <td className={classes.predicted}>
                {predicted} <span className="visually-hidden">{hit ? '(right)' : '(wrong)'}</span>
              </td>
              <td className="num">{rank ?? 'not in the list'}</td>
              <td className="dim">{usage}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
