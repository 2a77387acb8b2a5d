import { notFound } from '../errors.ts';
import type { FullCompetition, FullPhase } from './cache.ts';

type Dates = Pick<FullPhase, 'opensAt' | 'dueAt' | 'revealAt'>;

/** A submission on the very millisecond of the due time is in time. */
export function phaseStatus(phase: Dates, now: Date): 'upcoming' | 'open' | 'closed' {
  if (phase.opensAt !== null && now < phase.opensAt) return 'upcoming';
  if (phase.dueAt !== null && now > phase.dueAt) return 'closed';
  return 'open';
}

/** When students see private scores; undefined: not before staff say so. */
export function revealTime(phase: Dates): Date | undefined {
  return phase.revealAt ?? phase.dueAt ?? undefined;
}

export function isRevealed(phase: Dates, now: Date): boolean {
  const at = revealTime(phase);
  return at !== undefined && now > at;
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
