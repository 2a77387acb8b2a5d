import type { FastifyRequest } from 'fastify';
import * as contract from '../../core/contract/teamwork.ts';
import { principalOf } from '../auth/guard.ts';
import { access } from '../competitions/access.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { changeTeams, type Change, type Me } from './change.ts';
import { end, endCode, getReceived, invite, makeCode, withdraw } from './invitations.ts';
import { accept, joinByCode, leave, myTeam } from './join.ts';
import { readOffer, readTeamwork } from './teamwork.ts';
import { readSide, whyNotInvite } from './rules.ts';

/** What students do about their teams. */
export function teamworkRoutes(app: App, services: Services): void {
  const { db, clock, config } = services;

  const student = async (request: FastifyRequest, slug: string): Promise<Me> => {
    const { userId, email, name } = principalOf(request);
    const { competition, isStaff } = await access(services, principalOf(request), slug, 'student');
    if (isStaff) throw new AppError('forbidden', 'Staff are in no team of students; they see and change all of them.');
    return { competition, userId, email, name };
  };

  const change = async (me: Me, work: (begun: Change) => Promise<void>) => {
    await changeTeams(services, me.competition, work);
    return await readTeamwork(db.pool, me, clock.now());
  };

  /** The team that may invite. */
  const inviting = async (begun: Change, me: Me): Promise<number> => {
    const teamId = await myTeam(begun, me);
    const refused = whyNotInvite(begun.rules, begun.now, await readSide(begun.client, teamId));
    if (refused) throw refused;
    return teamId;
  };

  app.route({
    ...contract.getTeamwork,
    handler: async (request) => await readTeamwork(db.pool, await student(request, request.params.slug), clock.now()),
  });

  app.route({
    ...contract.inviteToTeam,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      const publicUrl = config.mail?.publicUrl;
      return await change(me, async (begun) => {
        const teamId = await inviting(begun, me);
        await invite(begun.client, me, { teamId, publicUrl, ...request.body });
      });
    },
  });

  app.route({
    ...contract.withdrawInvitation,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await change(me, async (begun) => {
        await withdraw(begun.client, await myTeam(begun, me), request.params.id);
      });
    },
  });

  app.route({
    ...contract.makeTeamCode,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await change(me, async (begun) => {
        await makeCode(begun.client, await inviting(begun, me), me.userId);
      });
    },
  });

  app.route({
    ...contract.endTeamCode,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await change(me, async (begun) => {
        await endCode(begun.client, await myTeam(begun, me));
      });
    },
  });

  app.route({
    ...contract.leaveTeam,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await change(me, async (begun) => await leave(begun, me));
    },
  });

  app.route({
    ...contract.acceptInvitation,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await change(me, async (begun) => await accept(begun, me, request.params.id));
    },
  });

  app.route({
    ...contract.declineInvitation,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await change(me, async (begun) => {
        const { id } = await getReceived(begun.client, me, await myTeam(begun, me), request.params.id);
        await end(begun.client, id);
      });
    },
  });

  app.route({
    ...contract.getTeamCode,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await readOffer(db.pool, me, request.params.code, clock.now());
    },
  });

  app.route({
    ...contract.joinTeam,
    handler: async (request) => {
      const me = await student(request, request.params.slug);
      return await change(me, async (begun) => await joinByCode(begun, me, request.params.code));
    },
  });
}
