import { getRouteApi } from '@tanstack/react-router';
import { useCompetition } from '../competition/use-competition.ts';
import { Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { BoardChoice } from './board-choice.tsx';
import { BoardView } from './board-view.tsx';
import { MyName } from './my-name.tsx';
import { FinalStanding } from './final-standing.tsx';

const route = getRouteApi('/signed-in/competitions/$slug/leaderboard');

export function LeaderboardPage() {
  const { competition, phase, phaseSlug, staff } = useCompetition();
  const { board: wanted = 'public', part: wantedPart } = route.useSearch();
  const part = phase.parts.find(({ slug }) => slug === wantedPart)?.slug;
  const mayReadPrivate = staff || phase.revealed;
  const board = mayReadPrivate ? wanted : 'public';
  return (
    <section className="stack" aria-label="Leaderboard">
      <PageTitle parts={[board === 'private' ? 'Private leaderboard' : 'Leaderboard', competition.title]} />
      <BoardChoice board={board} part={part} mayReadPrivate={mayReadPrivate} />
      {staff && board === 'private' && !phase.revealed ? (
        <Notice tone="signal" title="Students do not see this board yet" />
      ) : null}
      {staff ? null : <MyName slug={competition.slug} />}
      {board === 'private' && part === undefined ? <FinalStanding /> : null}
      {/* A key, so that what moved is never told across boards. */}
      <BoardView
        key={`${competition.slug} ${phase.slug} ${board} ${part ?? ''}`}
        slug={competition.slug}
        phase={phaseSlug}
        board={board}
        part={part}
      />
    </section>
  );
}
