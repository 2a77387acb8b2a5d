import type { FastifyRequest } from 'fastify';
import {
  addRegradeMessage,
  askForRegrade,
  decideRegrade,
  getMyGrade,
  listRegrades,
} from '../../core/contract/regrades.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { accessPhase } from '../competitions/access.ts';
import { notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { decide, openRegrade, readMyGrade, readRegrades, reply as addReply, whoseRegrade } from './regrades.ts';

export function regradeRoutes(app: App, services: Services): void {
  const { db } = services;

  app.route({
    ...getMyGrade,
    handler: async (request) => {
      const principal = principalOf(request);
      const target = await accessPhase(
        services,
        principal,
        { ...request.params, phase: request.query.phase },
        'student',
      );
      return await readMyGrade(db.pool, target, principal.userId);
    },
  });

  app.route({
    ...askForRegrade,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const target = await accessPhase(
        services,
        principal,
        { ...request.params, phase: request.query.phase },
        'student',
      );
      return await reply.code(201).send(await openRegrade(db, principal, target, request.body.text));
    },
  });

  app.route({
    ...listRegrades,
    handler: async (request) => {
      const principal = principalOf(request);
      const { phase } = await accessPhase(services, principal, { ...request.params, phase: request.query.phase }, 'ta');
      return { regrades: await readRegrades(db.pool, { phaseId: phase.id }) };
    },
  });

  app.route({
    ...addRegradeMessage,
    handler: async (request, reply) => {
      const { isStaff } = await accessRegrade(request, request.params.id);
      const message = { fromStaff: isStaff, text: request.body.text };
      return await reply.code(201).send(await addReply(db, principalOf(request), request.params.id, message));
    },
  });

  app.route({
    ...decideRegrade,
    handler: async (request) => {
      const { id } = request.params;
      const target = await accessRegrade(request, id);
      requireRole(target.role, 'ta');
      return await decide(db, principalOf(request), { id, target }, request.body);
    },
  });

  /** A request’s phase, for its student and staff; for everybody else there is none. */
  async function accessRegrade(request: FastifyRequest, id: number) {
    const principal = principalOf(request);
    const whose = await whoseRegrade(db.pool, id);
    if (!whose) throw notFound('regrade request with this id');
    const target = await accessPhase(
      services,
      principal,
      { slug: whose.competition, phase: whose.phase },
      'student',
    ).catch(() => {
      // Not the competition’s name: who is not in the course is told only what they asked for.
      throw notFound('regrade request with this id');
    });
    if (!target.isStaff && whose.userId !== principal.userId) throw notFound('regrade request with this id');
    return target;
  }
}
