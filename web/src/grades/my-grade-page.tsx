import { Button, Skeleton, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { askForRegrade, type MyGrade } from '../../../core/contract/regrades.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { GradeLines } from './grade-lines.tsx';
import classes from './grades.module.css';
import { myGradeQuery, readGradesAgain } from './queries.ts';
import { RegradeThread } from './regrade-thread.tsx';

/** A student's own grade once it is released, how each point of it came about, and what can be asked about it. */
export function MyGradePage() {
  const { competition, phaseSlug } = useCompetition();
  const query = useQuery(myGradeQuery({ slug: competition.slug, phase: phaseSlug }));
  return (
    <section className={classes.page} aria-label="My grade">
      <PageTitle parts={['My grade', competition.title]} />
      {query.isError ? <Failure error={query.error} title="Your grade could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={240} aria-label="Loading your grade" /> : null}
      {query.data ? <MyGradeView mine={query.data} /> : null}
    </section>
  );
}

function MyGradeView({ mine: { released, mayAsk, regrades } }: { mine: MyGrade }) {
  const {
    competition: { timeZone },
  } = useCompetition();
  return (
    <>
      {released === null ? (
        <EmptyState title="Your grade is not released">
          <p>It stands here, with how each point came about, as soon as your instructor releases it.</p>
        </EmptyState>
      ) : (
        <article className="card stack" aria-label="The grade">
          <GradeLines grade={released.grade} />
          <p className="dim">
            Released <When at={released.releasedAt} timeZone={timeZone} />
            {released.regradeUntil === null ? null : (
              <>
                ; a regrade can be asked for until <When at={released.regradeUntil} timeZone={timeZone} />
              </>
            )}
          </p>
        </article>
      )}
      {mayAsk ? <AskForm /> : null}
      {regrades.map((regrade) => (
        <RegradeThread key={regrade.id} regrade={regrade} timeZone={timeZone} />
      ))}
    </>
  );
}

function AskForm() {
  const { competition, phaseSlug } = useCompetition();
  const queryClient = useQueryClient();
  const [text, write] = useState('');
  const ask = useMutation({
    mutationFn: () =>
      call(askForRegrade, { params: { slug: competition.slug }, query: { phase: phaseSlug }, body: { text } }),
    onSuccess: async () => await readGradesAgain(queryClient),
  });
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <form className="card stack" aria-label="Ask for a regrade" onSubmit={send}>
      <Textarea
        label="Is something wrong with it?"
        description="Say which points are meant, and why. The course’s staff read it and answer here."
        rows={4}
        maxLength={10_000}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
      />
      {ask.isError ? <Failure error={ask.error} title="It was not sent" /> : null}
      <div className={classes.actions}>
        <Button type="submit" disabled={text.trim() === ''} loading={ask.isPending}>
          Ask for a regrade
        </Button>
      </div>
    </form>
  );
}
