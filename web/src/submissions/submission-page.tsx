import { Skeleton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isProblem } from '../api/problem.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { NotFoundPage } from '../shell/fallback-pages.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { SubmissionDetails } from './submission-details.tsx';
import classes from './submissions.module.css';
import { useSubmission } from './use-submission.ts';

const route = getRouteApi('/signed-in/competitions/$slug/submissions/$id');

export function SubmissionPage() {
  const id = Number(route.useParams().id);
  return Number.isSafeInteger(id) && id > 0 ? <SubmissionById id={id} /> : <NotFoundPage />;
}

function SubmissionById({ id }: { id: number }) {
  const { competition, phaseSlug, staff } = useCompetition();
  const { data: submission, error } = useSubmission(id);
  const elsewhere = submission !== undefined && submission.competition !== competition.slug;
  if (elsewhere || isProblem(error, 'not-found')) return <NotFoundPage />;
  return (
    <section
      className={`stack ${classes.page}`}
      data-code={(submission !== undefined && submission.kind !== 'predictions') || undefined}
      aria-labelledby="submission"
    >
      <PageTitle parts={[`Submission ${id}`, competition.title]} />
      <p>
        <Link to="/competitions/$slug/submissions" params={{ slug: competition.slug }} search={{ phase: phaseSlug }}>
          ← {staff ? 'All submissions' : 'My submissions'}
        </Link>
      </p>
      <div className="card stack">
        <h2 id="submission">Submission {id}</h2>
        {error === null ? null : <Failure error={error} title="The submission could not be loaded" />}
        {submission === undefined ? (
          <Skeleton height={220} />
        ) : (
          <SubmissionDetails submission={submission} timeZone={competition.timeZone} />
        )}
      </div>
    </section>
  );
}
