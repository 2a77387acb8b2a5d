import * as contract from '../../core/contract/competitions.ts';
import { deleteFile, downloadFile } from '../../core/contract/files.ts';
import { applyKeyPreview, getKeyPreview } from '../../core/contract/key-previews.ts';
import { accessChanged } from '../access-changed.ts';
import { datesOf } from '../dates/mine.ts';
import type { Principal } from '../auth/principals.ts';
import { atLeast, principalOf, requireRole, roleIn } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import { notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { sendBlob } from '../http/send-blob.ts';
import type { Services } from '../services.ts';
import { access, accessPhase, maySee, requireOpened, requirePhaseOpened } from './access.ts';
import { listFull } from './cache.ts';
import { changeCompetition } from './change.ts';
import { customMetricRoutes } from './custom-metric.ts';
import { removeFile } from './files.ts';
import { applyPreview, readPreview } from './key-preview.ts';
import { makeCompetition, makePhase } from './make.ts';
import { publish } from './publish.ts';
import { rescoreAll } from './rescore.ts';
import { createShapeCache } from './shape.ts';
import { competitionView, visibleFiles } from './view.ts';

export function competitionRoutes(app: App, services: Services): void {
  const { prisma } = services.db;
  const shapes = createShapeCache(services);
  customMetricRoutes(app, services);
  const view = async (principal: Principal, slug: string) => {
    const granted = await access(services, principal, slug, 'student');
    const mine = await datesOf(services.db.pool, principal, granted.isStaff ? [] : [granted.competition.id]);
    return competitionView(granted, services.clock.now(), mine);
  };

  app.route({
    ...contract.createCompetition,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.body.course);
      requireRole(role, 'instructor');
      await makeCompetition(services, principal, course.id, request.body);
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
        services.db,
        principal.isAdmin ? undefined : principal.roles.map((entry) => entry.courseId),
      );
      const now = services.clock.now();
      const seen = all.flatMap((competition) => {
        const role = roleIn(principal, competition.courseId);
        return role && maySee(competition, role) ? [{ competition, role, isStaff: atLeast(role, 'ta') }] : [];
      });
      const asStudent = seen.filter(({ isStaff }) => !isStaff).map(({ competition }) => competition.id);
      const mine = await datesOf(services.db.pool, principal, asStudent);
      return { competitions: seen.map((granted) => competitionView(granted, now, mine)) };
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
      await changeCompetition(services, principal, target, request.body);
      return await view(principal, slug);
    },
  });

  app.route({
    ...contract.addPhase,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      await makePhase(services, principal, competition, request.body);
      return await reply.code(201).send(await view(principal, request.params.slug));
    },
  });

  app.route({
    ...contract.publishCompetition,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      await publish(services, principal, competition);
      accessChanged(services);
      return await view(principal, request.params.slug);
    },
  });

  app.route({
    ...contract.rescore,
    handler: async (request, reply) => {
      const target = { slug: request.params.slug, phase: request.query.phase };
      const principal = principalOf(request);
      const { competition, phase } = await accessPhase(services, principal, target, 'instructor');
      return await reply.code(202).send({ rescoring: await rescoreAll(services, principal, competition, phase) });
    },
  });

  app.route({
    ...getKeyPreview,
    handler: async (request) => {
      const { competition } = await access(services, principalOf(request), request.params.slug, 'instructor');
      return await readPreview(services.db.pool, competition, request.params.id);
    },
  });

  app.route({
    ...applyKeyPreview,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      return await applyPreview(services, principal, competition, request.params.id);
    },
  });

  app.route({
    ...downloadFile,
    handler: async (request, reply) => {
      const granted = await access(services, principalOf(request), request.params.slug, 'student');
      requireOpened(granted, services.clock.now());
      const file = visibleFiles(granted).find((entry) => entry.name === request.params.name);
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
    ...deleteFile,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'instructor');
      await removeFile(services, principal, competition, request.params.name);
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
