import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { downloadSubmission, type Submission } from '../../../core/contract/submissions.ts';
import { urlOf } from '../api/call.ts';
import { submissionQuery } from '../api/queries.ts';
import { higherIsBetter } from '../competition/direction.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatBytes } from '../format/number.ts';
import { formatDuration } from '../format/time.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { ScoreValue } from '../ui/score-value.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import classes from './compare-page.module.css';
import { compareScores, type Comparison } from './compare.ts';

const route = getRouteApi('/signed-in/competitions/$slug/compare');

/** Two submissions beside each other, and what the second is better or worse by. */
export function ComparePage() {
  const { competition, phaseSlug, staff } = useCompetition();
  const { a, b } = route.useSearch();
  return (
    <section className="stack" aria-label="Two submissions compared">
      <PageTitle parts={['Compare', competition.title]} />
      <p>
        <Link to="/competitions/$slug/submissions" params={{ slug: competition.slug }} search={{ phase: phaseSlug }}>
          ← {staff ? 'All submissions' : 'My submissions'}
        </Link>
      </p>
      {a === undefined || b === undefined ? (
        <EmptyState title="Nothing to compare">
          <p>Tick two submissions in the list.</p>
        </EmptyState>
      ) : (
        <Pair a={a} b={b} />
      )}
    </section>
  );
}

function Pair({ a, b }: { a: number; b: number }) {
  const { competition } = useCompetition();
  const [first, second] = [useQuery(submissionQuery(a)), useQuery(submissionQuery(b))];
  const error = first.error ?? second.error;
  if (error !== null) return <Failure error={error} title="They could not be loaded" />;
  if (first.data === undefined || second.data === undefined) return <Skeleton height={320} />;
  const pair = [first.data, second.data] as const;
  const boards = [
    { title: 'public', scores: pair.map(({ scores }) => scores?.public) },
    { title: 'private', scores: pair.map(({ scores }) => scores?.private) },
  ].filter(({ scores }) => scores.some((each) => each !== undefined));
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption className="visually-hidden">
          Submissions {a} and {b}
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What</span>
            </th>
            {pair.map((submission) => (
              <th key={submission.id} scope="col">
                <Link
                  to="/competitions/$slug/submissions/$id"
                  params={{ slug: competition.slug, id: String(submission.id) }}
                  search={{ phase: submission.phase }}
                >
                  #{submission.id}
                </Link>{' '}
                <StateBadge state={submission.state} kind={submission.kind} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {boards.flatMap(({ title, scores: [before, after] }) =>
            competition.metrics.map((metric) => (
              <tr key={`${title} ${metric}`}>
                <th scope="row">
                  <span className="mono">{metric}</span>
                  {boards.length === 1 ? null : <span className="dim"> {title}</span>}
                </th>
                <td>{before?.[metric] === undefined ? '–' : <ScoreValue score={before[metric]} strong interval />}</td>
                <td>
                  {after?.[metric] === undefined ? '–' : <ScoreValue score={after[metric]} strong interval />}
                  <Difference
                    comparison={compareScores(before?.[metric], after?.[metric], higherIsBetter(competition, metric))}
                  />
                </td>
              </tr>
            )),
          )}
          <Row title="Note" cells={pair.map(({ note }) => (note === '' ? '–' : note))} />
          <Row
            title="Received"
            cells={pair.map(({ receivedAt }) => (
              <When key={receivedAt} at={receivedAt} timeZone={competition.timeZone} />
            ))}
          />
          <Row title="Took" cells={pair.map(tookText)} />
          <Row title="Counts" cells={pair.map(({ countsOn }) => countsOn.join(', ') || 'no')} />
          {pair.every(({ part }) => part === undefined) ? null : (
            <Row title="Part" cells={pair.map(({ part }) => part ?? '–')} />
          )}
          <Row
            title="File"
            cells={pair.map(({ id, file }) => (
              <a key={id} href={urlOf(downloadSubmission, { params: { id } })} download={file.name}>
                {file.name} <span className="num dim">{formatBytes(file.bytes)}</span>
              </a>
            ))}
          />
          <Row
            title="SHA-256"
            cells={pair.map(({ id, file }) => (
              <span key={id} className="mono dim" title={file.sha256}>
                {file.sha256.slice(0, 16)}…
              </span>
            ))}
          />
        </tbody>
      </table>
    </div>
  );
}

function Row({ title, cells }: { title: string; cells: readonly ReactNode[] }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      {cells.map((cell, index) => (
        <td key={index}>{cell}</td>
      ))}
    </tr>
  );
}

function Difference({ comparison }: { comparison: Comparison | undefined }) {
  if (comparison === undefined) return null;
  const { text, tone, mayBeChance } = comparison;
  return (
    <p className={classes.difference}>
      <span data-tone={tone} className="num">
        {text}
      </span>
      {mayBeChance ? <span className="dim"> the intervals overlap: it may be chance</span> : null}
    </p>
  );
}

/** From when it was taken up to when it was finished. */
function tookText({ startedAt, finishedAt }: Submission): string {
  if (startedAt === undefined || finishedAt === undefined) return '–';
  return formatDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
