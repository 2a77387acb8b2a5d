import {
  askToJoin,
  createJoinCode,
  getJoinCode,
  joinCourse,
  listJoinCodes,
  revokeJoinCode,
} from '../../core/contract/joining.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf, refuseCrossSite, requireRole } from '../auth/guard.ts';
import { createSignInThrottle } from '../auth/sign-in-throttle.ts';
import { findCourse } from '../courses/courses.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { requireMail } from '../http/mail.ts';
import type { Services } from '../services.ts';
import { findCodeInForce, insertCode, readCodes, requireDomain, revokeCode, type CodeInForce } from './codes.ts';
import { joinAs, mailJoinLink } from './join.ts';

/** Looking at a code and asking to join: for who has no account yet. */
export function askToJoinRoutes(app: App, services: Services): void {
  const { db, config, clock } = services;
  const throttle = createSignInThrottle('requests to join');

  app.route({
    ...getJoinCode,
    handler: async (request) => {
      const { course, mailDomains } = await findCode(services, request.params.code);
      return { course: course.title, mailDomains };
    },
  });

  app.route({
    ...askToJoin,
    handler: async (request, reply) => {
      refuseCrossSite(request);
      const code = await findCode(services, request.params.code);
      const { publicUrl } = requireMail(config, 'Ask the staff of the course to add you; then join with your account.');
      requireDomain(code, request.body.email);
      await throttle.attempt({ ip: request.ip, email: request.body.email }, async () => {
        await mailJoinLink(db.pool, code, request.body, publicUrl, clock.now());
        return false;
      });
      return await reply.code(202).send(null);
    },
  });
}

export function joinRoutes(app: App, services: Services): void {
  const { db, clock } = services;
  const { prisma } = db;

  app.route({
    ...joinCourse,
    handler: async (request) => {
      const principal = principalOf(request);
      const code = await findCode(services, request.params.code);
      requireDomain(code, principal.email);
      if (!(await joinAs(db.pool, principal.userId, code)))
        throw new AppError('forbidden', 'You were taken off this course. Ask its staff to add you again.');
      accessChanged(services);
      return { course: code.course.slug };
    },
  });

  app.route({
    ...listJoinCodes,
    handler: async (request) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      return { joinCodes: await readCodes(prisma, course.id, clock.now()) };
    },
  });

  app.route({
    ...createJoinCode,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      return await reply.code(201).send(await insertCode(prisma, principal, course.id, request.body, clock.now()));
    },
  });

  app.route({
    ...revokeJoinCode,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      await revokeCode(prisma, principal, { courseId: course.id, id: request.params.id });
      return await reply.code(204).send(null);
    },
  });
}

/** A code has 50 bits: nobody guesses one, however often they try. */
async function findCode({ db, clock }: Services, code: string): Promise<CodeInForce> {
  const found = await findCodeInForce(db.prisma, code, clock.now());
  if (!found) throw notFound('join code like this in force');
  return found;
}
