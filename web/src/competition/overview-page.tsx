import { Suspense, lazy, useMemo } from 'react';
import { Skeleton } from '@mantine/core';
import { customMetricName } from '../../../core/contract/scores.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { When } from '../ui/instant.tsx';
import { formatBytes } from '../format/number.ts';
import { submitLabel } from '../submit/accepted.ts';
import { RunTerms } from '../submit/run-terms.tsx';
import { FromPython } from './from-python.tsx';
import classes from './overview-page.module.css';
import { MyTimeline } from './my-timeline.tsx';
import { useCompetition } from './use-competition.ts';

const Markdown = lazy(async () => ({ default: (await import('../ui/markdown.tsx')).Markdown }));

export function OverviewPage() {
  const { competition, phase, phaseSlug, staff } = useCompetition();
  const revealAt = phase.revealsAt;
  const pictures = useMemo(() => new Map(competition.files.map(({ name, url }) => [name, url])), [competition.files]);
  const place = { params: { slug: competition.slug }, search: { phase: phaseSlug } };
  return (
    <div className={classes.page}>
      <PageTitle parts={[competition.title]} />
      <section aria-label="Description" className={classes.description}>
        {competition.description.trim() === '' ? (
          <EmptyState title="No description yet" />
        ) : (
          <Suspense fallback={<Skeleton height={240} />}>
            <Markdown text={competition.description} pictures={pictures} />
          </Suspense>
        )}
        {phase.runSettings === undefined ? null : (
          <RunTerms settings={phase.runSettings} laptopCommand={phase.laptopCommand} />
        )}
        <FromPython competition={competition} phase={phase} phaseSlug={phaseSlug} staff={staff} />
      </section>
      <aside className={classes.aside}>
        <div className="stack">
          <ButtonLink to="/competitions/$slug/submit" {...place} fullWidth>
            {submitLabel(phase.accepts)}
          </ButtonLink>
          <ButtonLink to="/competitions/$slug/data" {...place} variant="default" fullWidth>
            Get the data
          </ButtonLink>
        </div>
        <MyTimeline />
        <dl className={classes.facts}>
          <dt className="label">Ranked by</dt>
          <dd>
            <span className="mono">{competition.primaryMetric}</span>
            {competition.primaryMetric === customMetricName && competition.customMetric?.higherIsBetter === false
              ? ', lower is better'
              : null}
          </dd>
          {competition.metrics.length > 1 ? (
            <>
              <dt className="label">Also measured</dt>
              <dd className="mono">
                {competition.metrics.filter((metric) => metric !== competition.primaryMetric).join(', ')}
              </dd>
            </>
          ) : null}
          <dt className="label">Largest file</dt>
          <dd>{formatBytes(competition.maxFileBytes)}</dd>
          <dt className="label">Private board</dt>
          <dd>
            {phase.revealed ? (
              'revealed'
            ) : revealAt === null ? (
              'not revealed yet'
            ) : (
              <When at={revealAt} timeZone={competition.timeZone} />
            )}
          </dd>
        </dl>
      </aside>
    </div>
  );
}
