import type { FastifyRequest } from 'fastify';
import {
  deleteOverride,
  exportGrades,
  getGradebook,
  getGradeScheme,
  putGradeScheme,
  putMarks,
  putOverride,
  releaseGrades,
  withdrawGrades,
} from '../../core/contract/grades.ts';
import type { Role } from '../../core/contract/people.ts';
import { principalOf } from '../auth/guard.ts';
import { accessPhase } from '../competitions/access.ts';
import { isRevealed } from '../competitions/phases.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { exportCsv } from './export.ts';
import { readGradebook } from './gradebook.ts';
import { dropOverride, giveMarks, overrideGrade } from './marks.ts';
import { release, withdraw } from './release.ts';
import { findScheme, replaceScheme } from './scheme.ts';

export function gradeRoutes(app: App, services: Services): void {
  const { db, clock } = services;
  const access = async (
    request: FastifyRequest,
    { slug }: { slug: string },
    { phase }: { phase?: string | undefined },
    role: Role,
  ) => {
    const granted = await accessPhase(services, principalOf(request), { slug, phase }, role);
    return { ...granted, revealed: isRevealed(granted.phase, clock.now()) };
  };

  app.route({
    ...getGradeScheme,
    handler: async (request) => await findScheme(db.pool, await access(request, request.params, request.query, 'ta')),
  });

  app.route({
    ...putGradeScheme,
    handler: async (request) => {
      const target = await access(request, request.params, request.query, 'instructor');
      return await replaceScheme(db, principalOf(request), target, request.body);
    },
  });

  app.route({
    ...getGradebook,
    handler: async (request) => {
      const target = await access(request, request.params, request.query, 'ta');
      return await readGradebook(db.pool, target, target.revealed);
    },
  });

  app.route({
    ...putMarks,
    handler: async (request) => {
      const target = await access(request, request.params, request.query, 'ta');
      return { marks: await giveMarks(db, principalOf(request), target, request.params.id, request.body) };
    },
  });

  app.route({
    ...putOverride,
    handler: async (request, reply) => {
      const target = await access(request, request.params, request.query, 'instructor');
      await overrideGrade(db, principalOf(request), target, request.params.id, request.body);
      return await reply.code(204).send(null);
    },
  });

  app.route({
    ...deleteOverride,
    handler: async (request, reply) => {
      const target = await access(request, request.params, request.query, 'instructor');
      await dropOverride(db, principalOf(request), target, request.params.id);
      return await reply.code(204).send(null);
    },
  });

  app.route({
    ...releaseGrades,
    handler: async (request) => {
      const target = await access(request, request.params, request.query, 'instructor');
      return await release(db, principalOf(request), target, request.body);
    },
  });

  app.route({
    ...withdrawGrades,
    handler: async (request) => {
      const target = await access(request, request.params, request.query, 'instructor');
      return { withdrawn: await withdraw(db, principalOf(request), target, request.body) };
    },
  });

  app.route({
    ...exportGrades,
    handler: async (request, reply) => {
      const target = await access(request, request.params, request.query, 'ta');
      const csv = await exportCsv(db.pool, target, request.query);
      const name = `${target.competition.slug}-${target.phase.slug}-grades-${request.query.format}.csv`;
      reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8');
      return await reply.serializer(String).send(csv);
    },
  });
}
