import type { FastifyRequest } from 'fastify';
import type { Board } from '../../core/contract/scores.ts';
import { principalOf } from '../auth/guard.ts';
import { accessPhase, type Access } from '../competitions/access.ts';
import { requirePart } from '../competitions/parts.ts';
import { isRevealed } from '../competitions/phases.ts';
import { AppError } from '../errors.ts';
import { formatInZone } from '../http/zone.ts';
import type { Services } from '../services.ts';
import type { Audience } from './audience.ts';
import type { BoardName } from './snapshot.ts';

/** Lets students see the private board only after the reveal: nothing that is computed from private rows leaves before. */
export async function accessBoard(
  services: Services,
  request: FastifyRequest,
  slug: string,
  query: { phase?: string | undefined; board: Board; part?: string | undefined },
) {
  const granted = await accessPhase(services, principalOf(request), { slug, phase: query.phase }, 'student');
  if (query.part !== undefined) requirePart(granted.phase, query.part);
  const revealed = isRevealed(granted.phase, services.clock.now());
  if (query.board === 'private' && !granted.isStaff && !revealed) {
    const at = granted.phase.revealsAt;
    const when = at ? ` It is shown after ${formatInZone(at, granted.competition.course.timeZone)}.` : '';
    throw new AppError('board-hidden', `The private leaderboard is hidden while the competition runs.${when}`);
  }
  const audience: Audience = granted.isStaff ? 'staff' : 'classmates';
  // Staff see what rescoring does; what students were shown as final stays. Of parts there is no final standing.
  const isFinal = query.board === 'private' && query.part === undefined && !granted.isStaff;
  const shown: BoardName = isFinal ? 'final' : query.board;
  return { ...granted, audience, revealed, shown };
}

const crowd = 5;

/** Among few, a score is easily told to be somebody's. */
export function isCrowd({ competition, isStaff }: Pick<Access, 'competition' | 'isStaff'>, teams: number): boolean {
  return isStaff || competition.showSmallBoards || teams >= crowd;
}

/** Keeps a board of few teams from students. */
export function requireCrowd(granted: Pick<Access, 'competition' | 'isStaff'>, teams: number): void {
  if (isCrowd(granted, teams)) return;
  throw new AppError(
    'board-hidden',
    `The leaderboard is shown once ${crowd} teams are on it: among fewer, it would tell whose score is whose. Your own scores are with your submissions.`,
  );
}
