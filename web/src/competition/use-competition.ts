import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { competitionQuery } from '../api/queries.ts';
import { currentPhase, isStaff } from './phase.ts';

/** A page that stays open sees the phase open and close. */
const REFRESH_MS = 60_000;

const route = getRouteApi('/signed-in/competitions/$slug');

/**
 * The competition and phase that the address names. `phaseSlug` is what the address says, undefined for the current phase: it is what
 * queries take.
 */
export function useCompetition() {
  const { slug } = route.useParams();
  const { phase: phaseSlug } = route.useSearch();
  const { data: competition } = useSuspenseQuery({ ...competitionQuery(slug), refetchInterval: REFRESH_MS });
  return { competition, phase: currentPhase(competition, phaseSlug), phaseSlug, staff: isStaff(competition) };
}
