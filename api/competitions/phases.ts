import { notFound } from '../errors.ts';
import type { FullCompetition, FullPhase } from './cache.ts';

/** A submission on the very millisecond of the last moment is taken. */
export function phaseStatus(
  { opensAt, closesAt }: Pick<FullPhase, 'opensAt' | 'closesAt'>,
  now: Date,
): 'upcoming' | 'open' | 'closed' {
  if (opensAt !== null && now < opensAt) return 'upcoming';
  if (closesAt !== null && now > closesAt) return 'closed';
  return 'open';
}

export function isRevealed({ revealsAt }: Pick<FullPhase, 'revealsAt'>, now: Date): boolean {
  return revealsAt !== null && now > revealsAt;
}

/**
 * The phase that is meant: the named one, else the one that is open now, else the one that closed last, else the first.
 * @throws not-found where there is none of that name
 */
export function choosePhase(competition: FullCompetition, now: Date, wanted: string | undefined): FullPhase {
  const { phases } = competition;
  if (wanted !== undefined) {
    const named = phases.find((phase) => phase.slug === wanted);
    if (named === undefined) throw notFound(`phase "${wanted}"`);
    return named;
  }
  const open = phases.find((phase) => phaseStatus(phase, now) === 'open');
  const closedLast = phases.findLast((phase) => phaseStatus(phase, now) === 'closed');
  const chosen = open ?? closedLast ?? phases[0];
  if (chosen === undefined) throw new Error(`the competition ${competition.slug} has no phase`);
  return chosen;
}
