import type { FastifyRequest } from 'fastify';
import { getMyTeam, rerollPseudonym, showName } from '../../core/contract/teams.ts';
import { principalOf } from '../auth/guard.ts';
import { access } from '../competitions/access.ts';
import type { FullCompetition } from '../competitions/cache.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { ensureTeam, findTeam } from '../submissions/teams.ts';
import { noTeam, readMyTeam, reroll, setNameShown, type Membership } from './my-team.ts';

export function teamRoutes(app: App, services: Services): void {
  const { db } = services;

  /** Whoever chooses something has a team from then on, as with the first submission. */
  async function own(
    request: FastifyRequest,
    slug: string,
  ): Promise<Membership & { readonly competition: FullCompetition }> {
    const { userId } = principalOf(request);
    const { competition, isStaff } = await access(services, principalOf(request), slug, 'student');
    const teamId = await ensureTeam(db, competition.id, userId, isStaff ? 'staff' : 'students');
    return { competition, competitionId: competition.id, teamId, userId };
  }

  const boardsChanged = ({ phases }: FullCompetition) => {
    for (const { id } of phases) services.changes.send({ kind: 'board', phaseId: id });
  };

  app.route({
    ...getMyTeam,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'student');
      const { userId } = principal;
      const teamId = await findTeam(db, competition.id, userId);
      if (teamId === undefined) return noTeam;
      return await readMyTeam(db.pool, { competitionId: competition.id, teamId, userId });
    },
  });

  app.route({
    ...rerollPseudonym,
    handler: async (request) => {
      const mine = await own(request, request.params.slug);
      const drawn = await reroll(db, mine);
      boardsChanged(mine.competition);
      return drawn;
    },
  });

  app.route({
    ...showName,
    handler: async (request) => {
      const mine = await own(request, request.params.slug);
      const changed = await setNameShown(db.pool, mine, request.body.shown);
      boardsChanged(mine.competition);
      return changed;
    },
  });
}
