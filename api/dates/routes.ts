import * as contract from '../../core/contract/dates.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { access, accessPhase } from '../competitions/access.ts';
import { findCourse } from '../courses/courses.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { putAccommodation, readAccommodations, removeAccommodation } from './accommodations.ts';
import { insertExtension, readExtensions, removeExtension } from './extensions.ts';
import { readLateDays } from './late-days.ts';

export function dateRoutes(app: App, services: Services): void {
  const { prisma } = services.db;

  app.route({
    ...contract.listExtensions,
    handler: async (request) => {
      const { competition } = await access(services, principalOf(request), request.params.slug, 'ta');
      return { extensions: await readExtensions(prisma, competition.id) };
    },
  });

  app.route({
    ...contract.addExtension,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const target = { slug: request.params.slug, phase: request.query.phase };
      const granted = await accessPhase(services, principal, target, 'ta');
      const made = await insertExtension(prisma, principal, granted, request.body);
      // When private scores are shown may have moved.
      accessChanged(services);
      return await reply.code(201).send(made);
    },
  });

  app.route({
    ...contract.deleteExtension,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'ta');
      await removeExtension(prisma, principal, competition, request.params.id);
      accessChanged(services);
      return await reply.code(204).send(null);
    },
  });

  app.route({
    ...contract.listAccommodations,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      return { accommodations: await readAccommodations(prisma, course.id) };
    },
  });

  app.route({
    ...contract.setAccommodation,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      const set = await putAccommodation(prisma, principal, course, request.params.id, request.body);
      accessChanged(services);
      return set;
    },
  });

  app.route({
    ...contract.deleteAccommodation,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      await removeAccommodation(prisma, principal, course, request.params.id);
      accessChanged(services);
      return await reply.code(204).send(null);
    },
  });

  app.route({
    ...contract.listLateDays,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      return await readLateDays(services.db, course);
    },
  });
}
