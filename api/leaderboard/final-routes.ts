import type { FastifyRequest } from 'fastify';
import * as contract from '../../core/contract/final-standing.ts';
import { readFinal } from '../../core/final-standing/read.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { accessPhase } from '../competitions/access.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { accessBoard, requireCrowd } from './access.ts';
import { boardCsv } from './csv.ts';
import { countTeams, freezeAnew, revealByHand, viewFinal } from './final-standing.ts';

export function finalStandingRoutes(app: App, services: Services): void {
  const { db, changes } = services;

  app.route({
    ...contract.getFinalStanding,
    handler: async (request) => {
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principalOf(request), target, 'student');
      return await viewFinal(db.pool, granted);
    },
  });

  app.route({
    ...contract.downloadFinalStanding,
    handler: async (request, reply) => {
      const query = { ...request.query, board: 'private' } as const;
      const granted = await accessBoard(services, request, request.params.slug, query);
      const { competition, phase } = granted;
      const final = await readFinal(db.pool, phase.id);
      if (!final) throw notFrozen();
      requireCrowd(granted, countTeams(final));
      const name = `${competition.slug}-${phase.slug}-final-${final.version}.json`;
      reply.header('content-disposition', `attachment; filename="${name}"`).type('application/json; charset=utf-8');
      // As it is: another serialisation would have another hash.
      return await reply.serializer(String).send(final.document);
    },
  });

  app.route({
    ...contract.exportFinalStanding,
    handler: async (request, reply) => {
      const { competition, phase, final, snapshot } = await exported(services, request);
      const name = `${competition.slug}-${phase.slug}-final-${final.version}.csv`;
      reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8');
      return await reply.serializer(String).send(boardCsv(snapshot.rows, competition.metrics, 'final'));
    },
  });

  app.route({
    ...contract.exportFinalStandingWithNames,
    handler: async (request, reply) => {
      const { competition, phase, final, snapshot } = await exported(services, request);
      const { version, hash, createdAt } = final;
      const name = `${competition.slug}-${phase.slug}-final-${version}-with-names.json`;
      reply.header('content-disposition', `attachment; filename="${name}"`);
      return {
        competition: competition.slug,
        phase: phase.slug,
        version,
        hash,
        frozenAt: createdAt.toISOString(),
        metrics: competition.metrics,
        rows: [...snapshot.rows],
      };
    },
  });

  app.route({
    ...contract.revealPrivateBoard,
    handler: async (request) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principal, target, 'instructor');
      await revealByHand(db, principal, granted);
      accessChanged(services);
      changes.send({ kind: 'board', phaseId: granted.phase.id });
      return await viewFinal(db.pool, granted);
    },
  });

  app.route({
    ...contract.freezeFinalStanding,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principal, target, 'instructor');
      await freezeAnew(db, principal, granted, request.body.reason);
      changes.send({ kind: 'board', phaseId: granted.phase.id });
      return await reply.code(201).send(await viewFinal(db.pool, granted));
    },
  });
}

type Asked = FastifyRequest & { params: { slug: string }; query: { phase?: string | undefined } };

/** The final standing for staff, and the board that has today's names to it. */
async function exported(services: Services, request: Asked) {
  const query = { ...request.query, board: 'private' } as const;
  const { competition, phase, role } = await accessBoard(services, request, request.params.slug, query);
  requireRole(role, 'ta');
  const final = await readFinal(services.db.pool, phase.id);
  if (!final) throw notFrozen();
  const { snapshot } = await services.boards.current(phase.id, 'final');
  return { competition, phase, final, snapshot };
}

function notFrozen(): AppError {
  const why = 'The final standing is not frozen yet. That is done after the reveal, once everything is graded.';
  return new AppError('not-found', why);
}
