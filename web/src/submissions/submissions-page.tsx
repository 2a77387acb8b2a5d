import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { submissionsQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { MySubmissions } from './my-submissions.tsx';
import { PartStandings } from './part-standings.tsx';
import { StateChoice } from './state-choice.tsx';
import { SubmissionLine } from './submission-line.tsx';
import { ListSkeleton, NothingSubmitted } from './submission-list.tsx';
import classes from './submissions.module.css';
import { isFinished } from './use-submission.ts';

const route = getRouteApi('/signed-in/competitions/$slug/submissions');

/** While something waits or runs, the list is asked for this often; an idle one stays as it is. */
const POLL_MS = 2000;

export function SubmissionsPage() {
  const { competition, phase, staff } = useCompetition();
  const title = staff ? 'Submissions' : 'My submissions';
  return (
    <section className="stack" aria-label={title}>
      <PageTitle parts={[title, competition.title]} />
      {staff || phase.parts.length === 0 ? null : <PartStandings />}
      {staff ? <AllSubmissions /> : <MySubmissions key={phase.slug} />}
    </section>
  );
}

/** Of all teams, newest first, page by page. */
function AllSubmissions() {
  const { competition, phaseSlug } = useCompetition();
  const { state } = route.useSearch();
  const query = useInfiniteQuery({
    ...submissionsQuery({ slug: competition.slug, phase: phaseSlug, state }),
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.submissions.some((submission) => !isFinished(submission))) ? POLL_MS : false,
  });
  const submissions = query.data?.pages.flatMap((page) => page.submissions);
  return (
    <>
      <StateChoice state={state} />
      {query.isError ? <Failure error={query.error} title="The submissions could not be loaded" /> : null}
      {query.isPending ? <ListSkeleton /> : null}
      {submissions?.length === 0 ? (
        <NothingSubmitted title={state === undefined ? 'Nothing submitted yet' : `None is ${state}`} />
      ) : null}
      {submissions === undefined || submissions.length === 0 ? null : (
        <ol className={classes.list}>
          {submissions.map((submission) => (
            <SubmissionLine key={submission.id} submission={submission} />
          ))}
        </ol>
      )}
      {query.hasNextPage ? (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      ) : null}
    </>
  );
}
