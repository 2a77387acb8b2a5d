import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Insights } from '../../../core/contract/insights.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { BoardsChart } from './boards-chart.tsx';
import { GainsChart } from './gains-chart.tsx';
import { HoursChart } from './hours-chart.tsx';
import classes from './insights.module.css';
import { insightsQuery } from './queries.ts';
import { RowsSection } from './rows-section.tsx';

/** How a phase goes, for its staff. */
export function InsightsPage() {
  const { competition, phaseSlug } = useCompetition();
  const { data, error } = useQuery(insightsQuery({ slug: competition.slug, phase: phaseSlug }));
  return (
    <section className="stack" aria-label="Insights">
      <PageTitle parts={['Insights', competition.title]} />
      {error === null ? null : <Failure error={error} title="The insights could not be loaded" />}
      {data === undefined && error === null ? <Skeleton height={320} aria-label="Loading the insights" /> : null}
      {data === undefined ? null : <Overview insights={data} timeZone={competition.timeZone} />}
    </section>
  );
}

function Overview({ insights, timeZone }: { insights: Insights; timeZone: string }) {
  const { hours, gains, standings, metric } = insights;
  return (
    <>
      {hours.length === 0 ? (
        <EmptyState title="Nothing has been submitted yet" />
      ) : (
        <>
          <div className="card">
            <HoursChart hours={hours} timeZone={timeZone} />
          </div>
          {gains.length === 0 ? null : (
            <div className={classes.charts}>
              <div className="card">
                <GainsChart gains={gains} metric={metric} timeZone={timeZone} />
              </div>
              {standings.length === 0 ? null : (
                <div className="card">
                  <BoardsChart standings={standings} metric={metric} />
                </div>
              )}
            </div>
          )}
        </>
      )}
      <Missing insights={insights} />
      {hours.length === 0 ? null : <RowsSection />}
    </>
  );
}

function Missing({ insights: { missing, students } }: { insights: Insights }) {
  return (
    <section className="card stack" aria-labelledby="missing">
      <h2 id="missing">Who has not submitted</h2>
      {missing.length === 0 ? (
        <p>{students === 0 ? 'No student is in the course yet.' : `All ${formatCount(students, 'student')} have.`}</p>
      ) : (
        <>
          <p className="dim">{`${missing.length} of ${formatCount(students, 'student')}`}</p>
          <ul className={classes.missing}>
            {missing.map(({ userId, name, email, section }) => (
              <li key={userId}>
                <a href={`mailto:${email}`}>{name}</a> {section === '' ? null : <span className="dim">{section}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
