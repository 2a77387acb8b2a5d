import type { Role } from '../../core/contract/people.ts';
import { atLeast, requireRole, roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { AppError, notFound } from '../errors.ts';
import type { Services } from '../services.ts';
import { formatInZone } from '../http/zone.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { choosePhase, phaseStatus } from './phases.ts';

/** A competition as one principal may see it. */
export interface Access {
  readonly competition: FullCompetition;
  readonly role: Role;
  readonly isStaff: boolean;
}

/**
 * A competition and the principal's role in it, at least `needed`.
 * @throws not-found where it does not exist, where they are not in its course, and for students before it is published
 */
export async function access(services: Services, principal: Principal, slug: string, needed: Role): Promise<Access> {
  const competition = await services.competitions.find(slug);
  const role = competition && roleIn(principal, competition.courseId);
  if (!competition || !role || !maySee(competition, role)) throw notFound(`competition "${slug}"`);
  requireRole(role, needed);
  return { competition, role, isStaff: atLeast(role, 'ta') };
}

/** As `access`, together with the phase that is meant. */
export async function accessPhase(
  services: Services,
  principal: Principal,
  { slug, phase }: { slug: string; phase: string | undefined },
  needed: Role,
): Promise<Access & { phase: FullPhase }> {
  const granted = await access(services, principal, slug, needed);
  return { ...granted, phase: choosePhase(granted.competition, services.clock.now(), phase) };
}

export function maySee(competition: FullCompetition, role: Role): boolean {
  return competition.publishedAt !== null || atLeast(role, 'ta');
}

/** Keeps what a competition holds from students until its first phase opens. */
export function requireOpened({ competition, isStaff }: Access, now: Date): void {
  const [first] = competition.phases;
  const opened = isStaff || competition.phases.some((phase) => phaseStatus(phase, now) !== 'upcoming');
  if (!opened) throw notOpenYet(competition, competition.title, first?.opensAt);
}

/** Keeps what a phase holds from students until it opens. */
export function requirePhaseOpened({ competition, phase, isStaff }: Access & { phase: FullPhase }, now: Date): void {
  if (!isStaff && phaseStatus(phase, now) === 'upcoming') throw notOpenYet(competition, phase.title, phase.opensAt);
}

function notOpenYet({ course }: FullCompetition, title: string, opensAt: Date | null | undefined): AppError {
  const when = opensAt ? ` It opens ${formatInZone(opensAt, course.timeZone)}.` : '';
  return new AppError('not-open-yet', `"${title}" is not open yet.${when}`);
}
