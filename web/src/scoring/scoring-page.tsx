import { useCompetition } from '../competition/use-competition.ts';
import { NotFoundPage } from '../shell/fallback-pages.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { KeyPreviews } from './key-previews.tsx';
import { Reruns } from './reruns.tsx';

/** For staff: all of a phase again, and another answer key. */
export function ScoringPage() {
  const { competition, phase, staff } = useCompetition();
  if (!staff) return <NotFoundPage />;
  return (
    <section className="stack" aria-label="Scoring">
      <PageTitle parts={['Scoring', competition.title]} />
      <Reruns key={`reruns ${phase.slug}`} />
      {competition.role === 'instructor' ? <KeyPreviews key={`previews ${phase.slug}`} /> : null}
    </section>
  );
}
