import {
  createPasswordLink,
  forgotPassword,
  getPasswordLink,
  inviteMembers,
  setPassword,
} from '../../core/contract/passwords.ts';
import { accessChanged } from '../access-changed.ts';
import { recordAct } from '../audit/record.ts';
import { principalOf, refuseCrossSite, requireRole } from '../auth/guard.ts';
import { createSignInThrottle } from '../auth/sign-in-throttle.ts';
import { findCourse } from '../courses/courses.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { requireMail } from '../http/mail.ts';
import { originOf } from '../http/origin.ts';
import type { Services } from '../services.ts';
import { mailResetLink } from './forgotten.ts';
import { invite } from './invite.ts';
import { getUsableLink, insertLinks, linkUrl } from './links.ts';
import { setPasswordBy } from './set.ts';

/** Setting a password by a link: for who can't be signed in yet. */
export function passwordRoutes(app: App, services: Services): void {
  const { db, config, clock } = services;
  const throttle = createSignInThrottle('requests for a new password');

  app.route({
    ...forgotPassword,
    handler: async (request, reply) => {
      refuseCrossSite(request);
      const { publicUrl } = requireMail(config, 'Ask the staff of your course for a link that sets a new password.');
      const { email } = request.body;
      await throttle.attempt({ ip: request.ip, email }, async () => {
        await mailResetLink(db.pool, email, publicUrl, clock.now());
        return false;
      });
      return await reply.code(202).send(null);
    },
  });

  app.route({
    ...getPasswordLink,
    handler: async (request) => {
      const { purpose, email, course, expiresAt } = await getUsableLink(db.pool, request.params.token);
      return { purpose, email, course, expiresAt: expiresAt.toISOString() };
    },
  });

  app.route({
    ...setPassword,
    handler: async (request) => {
      refuseCrossSite(request);
      const email = await setPasswordBy(services, request.body.token, request.body.password);
      accessChanged(services);
      return { email };
    },
  });
}

/** Making such links for others. */
export function passwordLinkRoutes(app: App, { db: { prisma }, config, clock }: Services): void {
  app.route({
    ...inviteMembers,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      const mailedOrigin = request.body.mail ? config.mail?.publicUrl : undefined;
      const inviting = { course, origin: originOf(request, config), mailedOrigin, now: clock.now() };
      return { invitations: await invite(prisma, principal, inviting, request.body) };
    },
  });

  app.route({
    ...createPasswordLink,
    handler: async (request, reply) => {
      const principal = principalOf(request);
      const { email } = request.body;
      if (!principal.isAdmin) throw new AppError('forbidden', 'Only a site admin makes links for others’ passwords.');
      const [link] = await prisma.$transaction(async (tx) => {
        if (!(await tx.user.findUnique({ where: { email } }))) throw notFound(`account "${email}"`);
        const action = createPasswordLink.schema.operationId;
        await recordAct(tx, principal, { courseId: undefined, action, subject: `account ${email}`, after: { email } });
        return await insertLinks(tx, 'reset', [email], clock.now());
      });
      if (!link) throw new Error('no link was made');
      const url = linkUrl(originOf(request, config), link.token);
      return await reply.code(201).send({ url, expiresAt: link.expiresAt.toISOString() });
    },
  });
}
