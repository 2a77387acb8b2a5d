import { Link } from '@tanstack/react-router';
import type { Competition } from '../../../core/contract/competitions.ts';
import { currentPhase } from '../competition/phase.ts';
import { When } from '../ui/instant.tsx';
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
        {phase.status === 'upcoming' && phase.opensAt !== null ? (
          <div>
            <dt className="label">Opens</dt>
            <dd>
              <When at={phase.opensAt} timeZone={competition.timeZone} />
            </dd>
          </div>
        ) : null}
        <div>
          <dt className="label">Due</dt>
          <dd>{phase.dueAt === null ? 'no due date' : <When at={phase.dueAt} timeZone={competition.timeZone} />}</dd>
        </div>
        <div>
          <dt className="label">Metric</dt>
          <dd className="mono">{competition.primaryMetric}</dd>
        </div>
      </dl>
    </article>
  );
}
