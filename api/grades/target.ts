import type { FullCompetition, FullPhase } from '../competitions/cache.ts';

/** The phase whose grades are meant. */
export interface Target {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
}

/** For people, as audit entries name what was done to. */
export function subjectOf({ competition, phase }: Target, student?: { name: string; email: string }): string {
  const whose = student ? `grade of ${student.name} <${student.email}>, ` : 'grades, ';
  return `${whose}competition ${competition.slug}, phase ${phase.slug}`;
}
