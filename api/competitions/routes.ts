import * as contract from '../../core/contract/competitions.ts';
import { accessChanged } from '../access-changed.ts';
import { rerunAll } from '../../core/submissions/requeue.ts';
import { atLeast, principalOf, requireRole, roleIn } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import { notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { sendBlob } from '../http/send-blob.ts';
import type { Services } from '../services.ts';
import { access, accessPhase, maySee, requireOpened, requirePhaseOpened } from './access.ts';
import { listFull } from './cache.ts';
import { changeCompetition } from './change.ts';
import { insertCompetition, insertPhase } from './edit.ts';
import { publish } from './publish.ts';
import { createShapeCache } from './shape.ts';
import { competitionView } from './view.ts';

export function competitionRoutes(app: App, services: Services): void {
  const { prisma } = services.db;
  const shapes = createShapeCache(services);
  const view = async (principal: Parameters<typeof access>[1], slug: string) =>
    competitionView(await access(services, principal, slug, 'student'), services.clock.now());

  app.route({
    ...contract.createCompetition,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.body.course);
      requireRole(role, 'instructor');
      await insertCompetition(prisma, course.id, request.body, services.config.maxUploadBytes);
      accessChanged(services);
      const { slug } = request.body;
      return await reply
        .code(201)
        .header('location', `/api/v1/competitions/${slug}`)
        .send(await view(principal, slug));
    },
  });

  app.route({
    ...contract.listCompetitions,
    handler: async (request) => {
      const principal = principalOf(request);
      const all = await listFull(
        prisma,
        principal.isAdmin ? undefined : principal.roles.map((entry) => entry.courseId),
      );
      const now = services.clock.now();
      return {
        competitions: all.flatMap((competition) => {
          const role = roleIn(principal, competition.courseId);
          if (!role || !maySee(competition, role)) return [];
          return [competitionView({ competition, role, isStaff: atLeast(role, 'ta') }, now)];
        }),
      };
    },
  });

  app.route({
    ...contract.getCompetition,
    handler: async (request) => await view(principalOf(request), request.params.slug),
  });

  app.route({
    ...contract.editCompetition,
    handler: async (request) => {
      const principal = principalOf(request);
      const { slug } = request.params;
      const target = await accessPhase(services, principal, { slug, phase: request.query.phase }, 'instructor');
      await changeCompetition(services, target, request.body);
      return await view(principal, slug);
    },
  });

  app.route({
    ...contract.addPhase,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      await insertPhase(prisma, competition, request.body);
      accessChanged(services);
      return await reply.code(201).send(await view(principal, request.params.slug));
    },
  });

  app.route({
    ...contract.publishCompetition,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      await publish(services, competition);
      accessChanged(services);
      return await view(principal, request.params.slug);
    },
  });

  app.route({
    ...contract.rescore,
    handler: async (request, reply) => {
      const target = { slug: request.params.slug, phase: request.query.phase };
      const { phase } = await accessPhase(services, principalOf(request), target, 'instructor');
      const requeued = await rerunAll(services.db.pool, phase.id, false);
      await services.doorbell.ring(requeued);
      return await reply.code(202).send({ rescoring: requeued.length });
    },
  });

  app.route({
    ...contract.downloadFile,
    handler: async (request, reply) => {
      const granted = await access(services, principalOf(request), request.params.slug, 'student');
      requireOpened(granted, services.clock.now());
      const file = granted.competition.files.find((entry) => entry.name === request.params.name);
      if (!file) throw notFound(`file "${request.params.name}"`);
      return await sendBlob(request, reply, services.blobs, {
        hash: file.hash,
        bytes: file.bytes,
        name: file.name,
        modifiedAt: file.createdAt,
      });
    },
  });

  app.route({
    ...contract.deleteFile,
    handler: async (request, reply) => {
      const { competition } = await access(services, principalOf(request), request.params.slug, 'instructor');
      const { count } = await prisma.dataFile.deleteMany({
        where: { competitionId: competition.id, name: request.params.name },
      });
      if (count === 0) throw notFound(`file "${request.params.name}"`);
      accessChanged(services);
      return await reply.code(204).send(null);
    },
  });

  app.route({
    ...contract.getShape,
    handler: async (request, reply) => {
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principalOf(request), target, 'student');
      requirePhaseOpened(granted, services.clock.now());
      const shape = await shapes(granted.competition, granted.phase);
      reply.headers({ etag: shape.etag, 'cache-control': 'private, no-cache' }).type('application/octet-stream');
      if (request.headers['if-none-match'] === shape.etag) return await reply.code(304).send();
      return await reply.send(Buffer.from(shape.bytes));
    },
  });
}
