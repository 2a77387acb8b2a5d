import { createToken, getMe, listTokens, revokeToken, signIn, signOut } from '../../core/contract/people.ts';
import { accessChanged } from '../access-changed.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { principalOf, refuseCrossSite, sessionCookie } from './guard.ts';
import { me } from './me.ts';
import { createSignInThrottle } from './sign-in-throttle.ts';
import { newToken, passwordFits, tokenHash } from './secrets.ts';

const sessionDays = 30;
const dayMs = 86_400_000;

/** Signing in: the one route of this subject that needs nobody signed in. */
export function signInRoute(app: App, services: Services): void {
  const { prisma } = services.db;
  const throttle = createSignInThrottle();
  app.route({
    ...signIn,
    handler: async (request, reply) => {
      refuseCrossSite(request);
      const user = await prisma.user.findUnique({ where: { email: request.body.email } });
      const { email, password } = request.body;
      const fits = await throttle.attempt(
        { ip: request.ip, email },
        async () => await passwordFits(user?.passwordHash, password),
      );
      if (!user || !fits)
        throw new AppError(
          'wrong-credentials',
          'This address and password do not belong together. Check both and try again.',
        );
      const secret = newToken();
      await prisma.session.create({
        data: { userId: user.id, tokenHash: tokenHash(secret), expiresAt: new Date(Date.now() + sessionDays * dayMs) },
      });
      reply.setCookie(sessionCookie, secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: services.config.secureCookies,
        maxAge: (sessionDays * dayMs) / 1000,
      });
      return await me(prisma, user.id);
    },
  });
}

export function authRoutes(app: App, services: Services): void {
  const { prisma } = services.db;

  app.route({
    ...signOut,
    handler: async (request, reply) => {
      const secret = request.cookies[sessionCookie];
      if (secret !== undefined) await prisma.session.deleteMany({ where: { tokenHash: tokenHash(secret) } });
      accessChanged(services);
      reply.clearCookie(sessionCookie, { path: '/' });
      return await reply.code(204).send(null);
    },
  });

  app.route({ ...getMe, handler: async (request) => await me(prisma, principalOf(request).userId) });

  app.route({
    ...listTokens,
    handler: async (request) => {
      const tokens = await prisma.apiToken.findMany({
        where: {
          userId: principalOf(request).userId,
          revokedAt: null,
          OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
        },
        orderBy: { id: 'desc' },
      });
      return { tokens: tokens.map(tokenView) };
    },
  });

  app.route({
    ...createToken,
    handler: async (request, reply) => {
      const token = newToken();
      const { name, expiresInDays } = request.body;
      const row = await prisma.apiToken.create({
        data: {
          userId: principalOf(request).userId,
          name,
          tokenHash: tokenHash(token),
          hint: token.slice(0, 10),
          expiresAt: expiresInDays === undefined ? null : new Date(Date.now() + expiresInDays * dayMs),
        },
      });
      return await reply.code(201).send({ ...tokenView(row), token });
    },
  });

  app.route({
    ...revokeToken,
    handler: async (request, reply) => {
      const { count } = await prisma.apiToken.updateMany({
        where: { id: request.params.id, userId: principalOf(request).userId, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      if (count === 0) throw notFound('token with this id in force');
      accessChanged(services);
      return await reply.code(204).send(null);
    },
  });
}

function tokenView(row: { id: number; name: string; hint: string; createdAt: Date; expiresAt: Date | null }) {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}
