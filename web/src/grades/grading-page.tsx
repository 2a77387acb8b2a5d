import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Gradebook, GradebookRow } from '../../../core/contract/grades.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { isForOthers } from '../ui/typing.ts';
import { GradingForm } from './grading-form.tsx';
import { neighbour, nextToGrade } from './grading-order.ts';
import classes from './grading.module.css';
import { GradedWork } from './graded-work.tsx';
import { gradebookQuery } from './queries.ts';

const route = getRouteApi('/signed-in/competitions/$slug/grading');

/** One student after the other is graded by the rubric, without a mouse. */
export function GradingPage() {
  const { competition, phaseSlug } = useCompetition();
  const query = useQuery(gradebookQuery({ slug: competition.slug, phase: phaseSlug }));
  return (
    <section className="stack" aria-label="Grading">
      <PageTitle parts={['Grading', competition.title]} />
      <p className="row">
        <Link to="/competitions/$slug/grades" params={{ slug: competition.slug }} search={{ phase: phaseSlug }}>
          ← All grades
        </Link>
        <Link to="/courses/$course/queue" params={{ course: competition.course }}>
          ← Queue
        </Link>
      </p>
      {query.isError ? <Failure error={query.error} title="The grades could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={240} aria-label="Loading the grades" /> : null}
      {query.data ? <Grading book={query.data} /> : null}
    </section>
  );
}

function Grading({ book }: { book: Gradebook }) {
  const { competition, phaseSlug } = useCompetition();
  const { student } = route.useSearch();
  const navigate = useNavigate();
  const left = book.rows.filter(({ unmarked }) => unmarked.length > 0);
  const row = book.rows.find(({ userId }) => userId === student) ?? (student === undefined ? left[0] : undefined);
  const go = (to: GradebookRow | undefined) => {
    // Nobody is meant: all that there was to grade is graded.
    const search = { phase: phaseSlug, student: to?.userId };
    void navigate({ to: '/competitions/$slug/grading', params: { slug: competition.slug }, search, replace: true });
  };
  useSkipKeys((step) => row && go(neighbour(book.rows, row, step)));
  if (row === undefined)
    return (
      <EmptyState title={left.length === 0 ? 'Everybody is graded' : 'There is no such student'}>
        <ButtonLink to="/courses/$course/queue" params={{ course: competition.course }} mt="sm">
          Back to the queue
        </ButtonLink>
      </EmptyState>
    );
  return (
    <>
      <p className={classes.keys}>
        <span className="num">{left.length === 0 ? 'Nobody is left to grade' : `${left.length} left to grade`}</span>
        <span className={`dim ${classes.hint}`}>
          <kbd>Enter</kbd> keep and go on to who is next, <kbd>Ctrl</kbd> <kbd>Enter</kbd> from a comment,{' '}
          <kbd>Page ↓</kbd> <kbd>Page ↑</kbd> go on without keeping
        </span>
      </p>
      <div className={classes.page}>
        <GradingForm key={row.userId} book={book} row={row} onDone={(rows) => go(nextToGrade(rows, row))} />
        <GradedWork row={row} />
      </div>
    </>
  );
}

/** Page keys work while somebody types; j and k where nobody does. */
function useSkipKeys(skip: (step: 1 | -1) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = stepOf(event);
      if (step === undefined) return;
      event.preventDefault();
      skip(step);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

function stepOf(event: KeyboardEvent): 1 | -1 | undefined {
  if (event.key === 'PageDown') return 1;
  if (event.key === 'PageUp') return -1;
  if (isForOthers(event)) return undefined;
  return event.key === 'j' ? 1 : event.key === 'k' ? -1 : undefined;
}
