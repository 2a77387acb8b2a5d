import { useCompetition } from '../competition/use-competition.ts';
import { NotFoundPage } from '../shell/fallback-pages.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './settings.module.css';
import { SettingsForm } from './settings-form.tsx';

/** For instructors: the dates, limits and rules of a phase. */
export function SettingsPage() {
  const { competition, phase } = useCompetition();
  if (competition.role !== 'instructor') return <NotFoundPage />;
  return (
    <section className={classes.page} aria-label="Settings">
      <PageTitle parts={['Settings', competition.title]} />
      <SettingsForm key={`${competition.slug} ${phase.slug}`} />
    </section>
  );
}
