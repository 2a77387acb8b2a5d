import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Gradebook } from '../../../core/contract/grades.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { GradebookTable } from './gradebook-table.tsx';
import { gradebookQuery, regradesQuery, schemeQuery } from './queries.ts';
import { RegradeThread } from './regrade-thread.tsx';
import { ReleaseBar } from './release-bar.tsx';
import { SchemeForm } from './scheme-form.tsx';
import { SummaryView } from './summary-view.tsx';

/** The grades of a phase for its staff: how they are made, how they stand, and what students see of them. */
export function GradebookPage() {
  const { competition, phaseSlug } = useCompetition();
  const scheme = useQuery(schemeQuery({ slug: competition.slug, phase: phaseSlug }));
  const [edits, edit] = useState(false);
  const isInstructor = competition.role === 'instructor';
  return (
    <section className="stack" aria-label="Grades">
      <PageTitle parts={['Grades', competition.title]} />
      {scheme.isError ? <Failure error={scheme.error} title="The grades could not be loaded" /> : null}
      {scheme.isPending ? <Skeleton height={240} aria-label="Loading the grades" /> : null}
      {scheme.data && edits ? <SchemeForm inForce={scheme.data} onDone={() => edit(false)} /> : null}
      {scheme.data && isInstructor && !edits ? (
        <div>
          <Button variant={scheme.data.scheme === null ? 'filled' : 'default'} onClick={() => edit(true)}>
            {scheme.data.scheme === null ? 'Set the grade scheme' : 'Change the grade scheme'}
          </Button>
        </div>
      ) : null}
      {scheme.data?.scheme === null && !edits ? (
        <EmptyState title="This phase has no grade scheme yet">
          <p>It says how a score, a rank and what is graded by hand become points.</p>
        </EmptyState>
      ) : null}
      {scheme.data && scheme.data.scheme !== null ? <Book /> : null}
    </section>
  );
}

function Book() {
  const { competition, phaseSlug } = useCompetition();
  const query = useQuery(gradebookQuery({ slug: competition.slug, phase: phaseSlug }));
  const isInstructor = competition.role === 'instructor';
  return (
    <>
      {query.isError ? <Failure error={query.error} title="The grades could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={240} aria-label="Loading the grades" /> : null}
      {query.data ? (
        <>
          <SummaryView summary={query.data.summary} most={query.data.most} />
          <ReleaseBar book={query.data} mayRelease={isInstructor} />
          <GradingLink book={query.data} />
          <Regrades />
          {query.data.rows.length === 0 ? (
            <EmptyState title="No student is in the course yet" />
          ) : (
            <GradebookTable book={query.data} mayOverride={isInstructor} />
          )}
        </>
      ) : null}
    </>
  );
}

/** To the page where one student after the other is graded. */
function GradingLink({ book }: { book: Gradebook }) {
  const { competition, phaseSlug } = useCompetition();
  const left = book.rows.filter(({ unmarked }) => unmarked.length > 0).length;
  if (book.scheme.rubric.length === 0) return null;
  return (
    <div>
      <ButtonLink
        to="/competitions/$slug/grading"
        params={{ slug: competition.slug }}
        search={{ phase: phaseSlug }}
        variant={left === 0 ? 'default' : 'filled'}
      >
        {left === 0 ? 'Grade by hand' : `Grade by hand: ${formatCount(left, 'student')} left`}
      </ButtonLink>
    </div>
  );
}

/** What students have asked for: the open requests, and those that are decided behind a click. */
function Regrades() {
  const { competition, phaseSlug } = useCompetition();
  const query = useQuery(regradesQuery({ slug: competition.slug, phase: phaseSlug }));
  const threads = (isOpen: boolean) =>
    query.data
      ?.filter(({ state }) => (state === 'open') === isOpen)
      .map((regrade) => <RegradeThread key={regrade.id} regrade={regrade} timeZone={competition.timeZone} />) ?? [];
  const decided = threads(false);
  return (
    <>
      {query.isError ? <Failure error={query.error} title="The regrade requests could not be loaded" /> : null}
      {threads(true)}
      {decided.length === 0 ? null : (
        <details>
          <summary>{formatCount(decided.length, 'decided regrade request')}</summary>
          <div className="stack">{decided}</div>
        </details>
      )}
    </>
  );
}
