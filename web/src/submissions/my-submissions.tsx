import { Checkbox, NativeSelect, Skeleton } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { downloadSubmission, listSubmissions, type Submission } from '../../../core/contract/submissions.ts';
import { call, urlOf } from '../api/call.ts';
import { higherIsBetter } from '../competition/direction.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { ButtonLink } from '../ui/links.tsx';
import { Failure } from '../ui/notice.tsx';
import { progressOf, sortSubmissions } from './progress.ts';
import { Sort } from './search.ts';
import { SubmissionLine } from './submission-line.tsx';
import { ListSkeleton, NothingSubmitted } from './submission-list.tsx';
import classes from './submissions.module.css';
import { isFinished } from './use-submission.ts';

const ScorePlot = lazy(async () => ({ default: (await import('./score-plot.tsx')).ScorePlot }));

const route = getRouteApi('/signed-in/competitions/$slug/submissions');

const POLL_MS = 2000;
const PAGE_SIZE = 200;
/** To be compared: two. */
const MOST_CHOSEN = 2;

function mySubmissionsQuery({ slug, phase }: { slug: string; phase: string | undefined }) {
  return infiniteQueryOptions({
    queryKey: ['submissions', slug, phase ?? null, 'mine'],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) =>
      call(listSubmissions, {
        params: { slug },
        query: { phase, limit: PAGE_SIZE, cursor: pageParam === 0 ? undefined : pageParam },
        signal,
      }),
    getNextPageParam: (page) => (page.nextCursor === undefined ? undefined : Number(page.nextCursor)),
  });
}

/** All that my team has submitted, in the order I like, two of them beside each other, and how the scores went. */
export function MySubmissions() {
  const { competition, phase, phaseSlug } = useCompetition();
  const { sort = 'newest', by } = route.useSearch();
  const [chosen, choose] = useState<readonly number[]>([]);
  const query = useInfiniteQuery({
    ...mySubmissionsQuery({ slug: competition.slug, phase: phaseSlug }),
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.submissions.some((submission) => !isFinished(submission))) ? POLL_MS : false,
  });
  // Sorting, and the best so far, need all of them.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (query.isError) return <Failure error={query.error} title="The submissions could not be loaded" />;
  if (query.isPending) return <ListSkeleton />;
  const submissions = query.data.pages.flatMap((page) => page.submissions);
  if (submissions.length === 0) return <NothingSubmitted title="Nothing submitted yet" />;
  const metric = by !== undefined && competition.metrics.includes(by) ? by : competition.primaryMetric;
  const direction = { metric, higherIsBetter: higherIsBetter(competition, metric) };
  const points = progressOf(submissions, metric, direction.higherIsBetter);
  const toggle = (id: number) =>
    choose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id].slice(-MOST_CHOSEN));
  return (
    <>
      {points.length === 0 ? null : (
        <div className="card">
          <Suspense fallback={<Skeleton height={330} />}>
            <ScorePlot
              key={`${phase.slug} ${metric}`}
              metric={metric}
              points={points}
              timeZone={competition.timeZone}
            />
          </Suspense>
        </div>
      )}
      <div className="row spread">
        <SortChoice sort={sort} metric={metric} />
        <CompareLink chosen={chosen} />
      </div>
      <ol className={classes.list}>
        {sortSubmissions(submissions, sort, direction).map((submission) => (
          <SubmissionLine key={submission.id} submission={submission}>
            <LineActions
              submission={submission}
              chosen={chosen.includes(submission.id)}
              onToggle={() => toggle(submission.id)}
            />
          </SubmissionLine>
        ))}
      </ol>
    </>
  );
}

function SortChoice({ sort, metric }: { sort: Sort; metric: string }) {
  const { competition } = useCompetition();
  const navigate = useNavigate();
  const orders = [
    { value: 'newest', label: 'newest first' },
    { value: 'oldest', label: 'oldest first' },
    { value: 'best', label: 'best score first' },
  ];
  return (
    <div className="row">
      <NativeSelect
        label="Order"
        data={orders}
        value={sort}
        onChange={(event) => {
          const order = Sort.safeParse(event.currentTarget.value).data;
          const kept = order === 'newest' ? undefined : order;
          void navigate({ to: '.', search: (search) => ({ ...search, sort: kept }), replace: true });
        }}
      />
      {competition.metrics.length < 2 ? null : (
        <NativeSelect
          label="Metric"
          data={competition.metrics}
          value={metric}
          onChange={(event) => {
            const named = event.currentTarget.value;
            const kept = named === competition.primaryMetric ? undefined : named;
            void navigate({ to: '.', search: (search) => ({ ...search, by: kept }), replace: true });
          }}
        />
      )}
    </div>
  );
}

function CompareLink({ chosen }: { chosen: readonly number[] }) {
  const { competition, phaseSlug } = useCompetition();
  const [first, second] = chosen.toSorted((a, b) => a - b);
  return (
    <div className="row" aria-live="polite">
      {first === undefined || second === undefined ? (
        <span className="dim">Tick two to compare them</span>
      ) : (
        <ButtonLink
          to="/competitions/$slug/compare"
          params={{ slug: competition.slug }}
          search={{ phase: phaseSlug, a: first, b: second }}
          size="xs"
        >
          Compare #{first} and #{second}
        </ButtonLink>
      )}
    </div>
  );
}

interface LineActionsProps {
  readonly submission: Submission;
  readonly chosen: boolean;
  readonly onToggle: () => void;
}

function LineActions({ submission: { id, file }, chosen, onToggle }: LineActionsProps) {
  return (
    <>
      <a
        href={urlOf(downloadSubmission, { params: { id } })}
        download={file.name}
        className={classes.download}
        aria-label={`Download ${file.name} of #${id}`}
        title="Download what I sent"
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 3v9M6 9l4 4 4-4M4 16.5h12" />
        </svg>
      </a>
      <Checkbox checked={chosen} onChange={onToggle} aria-label={`Compare #${id}`} />
    </>
  );
}
