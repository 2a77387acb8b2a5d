import { Link } from '@tanstack/react-router';
import type { Competition } from '../../../core/contract/competitions.ts';
import { currentPhase } from '../competition/phase.ts';
import { PhaseDates } from '../competition/phase-dates.tsx';
import { PhaseBadge } from '../ui/state-badge.tsx';
import classes from './home-page.module.css';

export function CompetitionCard({ competition }: { competition: Competition }) {
  const phase = currentPhase(competition, undefined);
  return (
    <article className={`card ${classes.card}`}>
      <div className="row spread">
        <span className="label">{competition.kind}</span>
        <PhaseBadge phase={phase} draft={competition.publishedAt === null} />
      </div>
      <h3>
        <Link to="/competitions/$slug" params={{ slug: competition.slug }} className={classes.cardLink}>
          {competition.title}
        </Link>
      </h3>
      <dl className={classes.facts}>
        <PhaseDates competition={competition} phase={phase} />
        <div>
          <dt className="label">Metric</dt>
          <dd className="mono">{competition.primaryMetric}</dd>
        </div>
      </dl>
    </article>
  );
}
