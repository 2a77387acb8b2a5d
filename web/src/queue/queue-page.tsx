import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import type { QueueItem, StaffQueue } from '../../../core/contract/staff-queue.ts';
import { useCourse } from '../courses/use-course.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { isSettled, kindWords } from './kinds.ts';
import { queueQuery } from './queries.ts';
import { QueueFilter } from './queue-filter.tsx';
import { QueueLine } from './queue-line.tsx';
import classes from './queue.module.css';
import { useQueueKeys } from './use-queue-keys.ts';
import { useSettle } from './use-settle.ts';

const route = getRouteApi('/signed-in/courses/$course/queue');

/** All in a course that needs somebody of its staff, in one list that is worked through by keyboard. */
export function QueuePage() {
  const course = useCourse();
  const search = route.useSearch();
  const query = useQuery(queueQuery(course.slug, search));
  const narrowed = search.kind !== undefined || search.competition !== undefined;
  return (
    <section className="stack" aria-label="Queue">
      <PageTitle parts={['Queue', course.title]} />
      {query.isError ? <Failure error={query.error} title="The queue could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={240} aria-label="Loading the queue" /> : null}
      {query.data ? (
        <>
          <QueueFilter search={search} counts={query.data.counts} />
          {query.data.items.length === 0 ? (
            <EmptyState title={narrowed ? 'Nothing of that kind needs you' : 'Nothing needs you'}>
              <p>What breaks, is flagged, asked or to be graded comes here by itself.</p>
            </EmptyState>
          ) : null}
          <List queue={query.data} timeZone={course.timeZone} />
        </>
      ) : null}
    </section>
  );
}

function List({ queue: { items, more }, timeZone }: { queue: StaffQueue; timeZone: string }) {
  const list = useRef<HTMLOListElement>(null);
  const [last, remember] = useState<QueueItem>();
  const { mutate, isError, error } = useSettle();
  const settle = useCallback(
    (item: QueueItem) => {
      if (!isSettled(item.kind) || item.submissionId === null) return;
      mutate({ id: item.submissionId, settled: true }, { onSuccess: () => remember(item) });
    },
    [mutate],
  );
  const open = useQueueKeys(list, items, settle);
  const undo = () => {
    const id = last?.submissionId ?? undefined;
    if (id !== undefined) mutate({ id, settled: false }, { onSuccess: () => remember(undefined) });
  };
  return (
    <>
      <div className={classes.told} aria-live="polite">
        {last === undefined ? (
          <span className={`dim ${classes.keys}`}>
            <kbd>j</kbd> <kbd>k</kbd> next and previous, <kbd>Enter</kbd> open, <kbd>d</kbd> done
          </span>
        ) : (
          <>
            <span>
              {kindWords[last.kind].one}, {last.who}: done.
            </span>
            <Button variant="default" size="compact-xs" onClick={undo}>
              Undo
            </Button>
          </>
        )}
      </div>
      {isError ? <Failure error={error} /> : null}
      {items.length === 0 ? null : (
        <ol ref={list} className={classes.list}>
          {items.map((item) => (
            <QueueLine
              key={item.key}
              item={item}
              timeZone={timeZone}
              onOpen={() => open(item)}
              onSettle={() => settle(item)}
            />
          ))}
        </ol>
      )}
      {more ? <p className="dim">There are more: they come up as these are done, or narrow the list down.</p> : null}
    </>
  );
}
