import { Outlet, useNavigate } from '@tanstack/react-router';
import { formatCount } from '../format/number.ts';
import { PhaseBadge } from '../ui/state-badge.tsx';
import classes from './frame.module.css';
import { PhaseDates } from './phase-dates.tsx';
import { CompetitionTabs } from './tabs.tsx';
import { useCompetition } from './use-competition.ts';

/** What is around all pages of a competition: its title, dates, phase and tabs. */
export function CompetitionFrame() {
  const { competition, phase } = useCompetition();
  return (
    <>
      <header className={classes.head}>
        <p className="label">
          {competition.course} / {competition.kind}
        </p>
        <div className="row">
          <h1>{competition.title}</h1>
          <PhaseBadge phase={phase} draft={competition.publishedAt === null} />
        </div>
        <dl className={classes.facts}>
          <PhaseDates competition={competition} phase={phase} />
          <div>
            <dt className="label">Limit</dt>
            <dd>{limitText(phase.dailyLimit, phase.totalLimit)}</dd>
          </div>
          {competition.phases.length > 1 ? <PhaseChoice /> : null}
        </dl>
      </header>
      <CompetitionTabs />
      <Outlet />
    </>
  );
}

function PhaseChoice() {
  const { competition, phase } = useCompetition();
  const navigate = useNavigate();
  return (
    <div>
      <dt className="label">
        <label htmlFor="phase">Phase</label>
      </dt>
      <dd>
        <select
          id="phase"
          className={classes.phase}
          value={phase.slug}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            void navigate({
              to: '.',
              search: (search) => ({ ...search, phase: chosen === competition.currentPhase ? undefined : chosen }),
            });
          }}
        >
          {competition.phases.map(({ slug, title }) => (
            <option key={slug} value={slug}>
              {title}
            </option>
          ))}
        </select>
      </dd>
    </div>
  );
}

function limitText(daily: number | null, total: number | null): string {
  const parts = [
    daily === null ? undefined : `${formatCount(daily, 'submission')} a day`,
    total === null
      ? undefined
      : daily === null
        ? `${formatCount(total, 'submission')} in total`
        : `${total.toLocaleString('en-US')} in total`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
