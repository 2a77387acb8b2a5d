import { Skeleton } from '@mantine/core';
import { useCompetition } from '../competition/use-competition.ts';
import { submitLabel } from '../submit/accepted.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ButtonLink } from '../ui/links.tsx';

/** In place of a list without submissions; students are shown the way to the first one. */
export function NothingSubmitted({ title }: { title: string }) {
  const { competition, phase, phaseSlug, staff } = useCompetition();
  return (
    <EmptyState title={title}>
      {staff ? null : (
        <ButtonLink
          to="/competitions/$slug/submit"
          params={{ slug: competition.slug }}
          search={{ phase: phaseSlug }}
          mt="sm"
        >
          {submitLabel(phase.accepts)}
        </ButtonLink>
      )}
    </EmptyState>
  );
}

export function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading the submissions">
      {Array.from({ length: 5 }, (_, index) => (
        <Skeleton key={index} height={58} mb={8} />
      ))}
    </div>
  );
}
