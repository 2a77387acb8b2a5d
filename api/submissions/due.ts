import { LatePolicy } from '../../core/contract/dates.ts';
import type { Due } from '../../core/contract/due.ts';
import { roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { maySee } from '../competitions/access.ts';
import { listFull, type FullCompetition, type FullPhase } from '../competitions/cache.ts';
import { phaseStatus } from '../competitions/phases.ts';
import { datesOf, viewMine, type PersonalDates } from '../dates/mine.ts';
import { isCrowd } from '../leaderboard/access.ts';
import { rowFor } from '../leaderboard/audience.ts';
import type { Services } from '../services.ts';
import { allowanceOf, usageOf } from './allowance.ts';
import { findTeam } from './teams.ts';

/** The phases that are open to a student, or will be, each with their standing and what is left of their limits: next due first, undated ones last. */
export async function readDue(services: Services, principal: Principal): Promise<Due[]> {
  const now = services.clock.now();
  const taken = principal.roles.filter(({ role }) => role === 'student').map(({ courseId }) => courseId);
  const competitions = (await listFull(services.db, taken)).filter(
    (competition) => roleIn(principal, competition.courseId) === 'student' && maySee(competition, 'student'),
  );
  const ids = competitions.map(({ id }) => id);
  const mine = await datesOf(services.db.pool, principal, ids);
  const due: Due[] = [];
  for (const competition of competitions)
    for (const phase of competition.phases) {
      const dates = mine.get(phase.id) ?? phase;
      const status = phaseStatus({ ...phase, ...dates }, now);
      if (status !== 'closed') due.push(await dueOf(services, principal, { competition, phase, dates, status }));
    }
  return due.toSorted(byTime);
}

interface Open {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
  readonly dates: PersonalDates;
  readonly status: Due['status'];
}

async function dueOf(
  services: Services,
  { userId }: Principal,
  { competition, phase, dates, status }: Open,
): Promise<Due> {
  // Nobody has team 0: who never submitted has used nothing.
  const teamId = (await findTeam(services.db, competition.id, userId)) ?? 0;
  const usage = await usageOf(services.db.pool, phase.id, teamId, services.clock.now());
  return {
    course: competition.course.slug,
    timeZone: competition.course.timeZone,
    competition: competition.slug,
    title: competition.title,
    phase: phase.slug,
    phaseTitle: competition.phases.length > 1 ? phase.title : null,
    status,
    opensAt: phase.opensAt?.toISOString() ?? null,
    mine: viewMine(phase, dates),
    latePolicy: LatePolicy.parse(phase.latePolicy),
    standing: status === 'open' ? await standingOf(services, competition, phase, teamId) : null,
    allowance: allowanceOf(usage),
  };
}

async function standingOf(
  { boards }: Services,
  competition: FullCompetition,
  phase: FullPhase,
  teamId: number,
): Promise<Due['standing']> {
  const { snapshot } = await boards.current(phase.id, 'public');
  const found = snapshot.rowOfTeam.get(teamId);
  if (found === undefined) return null;
  const { rank, value } = rowFor('classmates', found);
  const shown = isCrowd({ competition, isStaff: false }, snapshot.rankedTeams);
  const metric = competition.metrics[0] ?? '';
  return { rank: shown ? rank : null, teams: shown ? snapshot.rankedTeams : null, metric, value };
}

function byTime(a: Due, b: Due): number {
  return timeOf(a) - timeOf(b) || a.title.localeCompare(b.title);
}

function timeOf({ mine: { dueAt } }: Due): number {
  return dueAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(dueAt);
}
