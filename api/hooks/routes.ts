import type { FastifyRequest } from 'fastify';
import {
  createHook,
  deleteHook,
  editHook,
  listHookDeliveries,
  listHooks,
  redeliverHook,
  rotateHookSecret,
  testHook,
} from '../../core/contract/hooks.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { insertHook, removeHook, rotateSecret, updateHook } from './change.ts';
import { readDeliveries, redeliver, sendTest } from './deliveries.ts';
import { readHooks } from './read.ts';

/** Where a course's events are sent, for its instructors. */
export function hookRoutes(app: App, { db, config }: Services): void {
  const hosts = config.hookPrivateHosts;
  const instructed = async (request: FastifyRequest, slug: string) => {
    const { course, role } = await findCourse(db.prisma, principalOf(request), slug);
    requireRole(role, 'instructor');
    return course.id;
  };

  app.route({
    ...listHooks,
    handler: async (request) => ({
      hooks: await readHooks(db.pool, await instructed(request, request.params.course)),
    }),
  });

  app.route({
    ...createHook,
    handler: async (request, reply) => {
      const courseId = await instructed(request, request.params.course);
      const made = await insertHook(db, principalOf(request), { courseId, hosts }, request.body);
      return await reply.code(201).send(made);
    },
  });

  app.route({
    ...editHook,
    handler: async (request) => {
      const courseId = await instructed(request, request.params.course);
      return await updateHook(db, principalOf(request), { courseId, id: request.params.id, hosts }, request.body);
    },
  });

  app.route({
    ...rotateHookSecret,
    handler: async (request) => {
      const courseId = await instructed(request, request.params.course);
      const target = { courseId, id: request.params.id };
      return await rotateSecret(db, principalOf(request), target, request.body.keepOldHours);
    },
  });

  app.route({
    ...deleteHook,
    handler: async (request, reply) => {
      const courseId = await instructed(request, request.params.course);
      await removeHook(db, principalOf(request), { courseId, id: request.params.id });
      return await reply.code(204).send(null);
    },
  });

  app.route({
    ...testHook,
    handler: async (request, reply) => {
      const courseId = await instructed(request, request.params.course);
      const delivery = await sendTest(db, principalOf(request), { courseId, id: request.params.id });
      return await reply.code(202).send(delivery);
    },
  });

  app.route({
    ...listHookDeliveries,
    handler: async (request) => {
      const courseId = await instructed(request, request.params.course);
      const { limit, cursor } = request.query;
      const target = { courseId, id: request.params.id };
      // One more than asked for tells whether there is a next page.
      const found = await readDeliveries(db.pool, target, { limit: limit + 1, before: cursor });
      const deliveries = found.slice(0, limit);
      const last = deliveries.at(-1);
      return { deliveries, ...(found.length > limit && last && { nextCursor: String(last.id) }) };
    },
  });

  app.route({
    ...redeliverHook,
    handler: async (request, reply) => {
      const courseId = await instructed(request, request.params.course);
      const delivery = await redeliver(db, principalOf(request), { courseId, id: request.params.id });
      return await reply.code(202).send(delivery);
    },
  });
}
