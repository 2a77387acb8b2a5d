import type { Competition } from '../../../core/contract/competitions.ts';
import type { Phase } from '../../../core/contract/phases.ts';

/** The phase that a page is about: the one in the address, else the current one. The contract gives every competition at least one. */
export function currentPhase(competition: Competition, slug: string | undefined): Phase {
  const find = (wanted: string) => competition.phases.find((phase) => phase.slug === wanted);
  const phase =
    (slug === undefined ? undefined : find(slug)) ?? find(competition.currentPhase) ?? competition.phases[0];
  if (phase === undefined) throw new Error(`competition ${competition.slug} has no phase`);
  return phase;
}

/** The dates that hold for who looks: a student's own, and the class's for staff. */
export function myDates({ mine, dueAt, lateUntil }: Phase) {
  return mine ?? { dueAt, lateUntil, closesAt: lateUntil ?? dueAt, extended: false };
}

/** What the phase calls one of its parts; its name in URLs where it has no such part any more. */
export function partTitle({ phases }: Competition, phase: string, part: string): string {
  const parts = phases.find(({ slug }) => slug === phase)?.parts ?? [];
  return parts.find(({ slug }) => slug === part)?.title ?? part;
}

export function isStaff(competition: Competition): boolean {
  return competition.role !== 'student';
}
