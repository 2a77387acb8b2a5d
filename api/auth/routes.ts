import { createToken, getMe, listTokens, revokeToken, signIn, signOut } from '../../core/contract/people.ts';
import { execute, transaction } from '../../core/db/sql.ts';
import { accessChanged } from '../access-changed.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { principalOf, refuseCrossSite, requireOneself, sessionCookie } from './guard.ts';
import { end } from '../viewing/viewing.ts';
import { me } from './me.ts';
import type { Principal } from './principals.ts';
import { createSignInThrottle } from './sign-in-throttle.ts';
import { newToken, passwordFits, tokenHash } from './secrets.ts';

const sessionDays = 30;
const dayMs = 86_400_000;
const maxSessions = 50;
const maxTokens = 100;

/** Signing in: the one route of this subject that needs nobody signed in. */
export function signInRoute(app: App, services: Services): void {
  const { prisma } = services.db;
  const throttle = createSignInThrottle('wrong passwords');
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
      await trimSessions(services, user.id);
      reply.setCookie(sessionCookie, secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: services.config.secureCookies,
        maxAge: (sessionDays * dayMs) / 1000,
      });
      return await me(prisma, { userId: user.id, viewer: null });
    },
  });
}

export function authRoutes(app: App, services: Services): void {
  const { prisma } = services.db;

  app.route({
    ...signOut,
    handler: async (request, reply) => {
      const secret = request.cookies[sessionCookie];
      const ended = secret !== undefined && (await endSession(services, secret, principalOf(request)));
      // Every process forgets everything then: not to be had by calling this over and over.
      if (ended) accessChanged(services);
      reply.clearCookie(sessionCookie, { path: '/' });
      return await reply.code(204).send(null);
    },
  });

  app.route({ ...getMe, handler: async (request) => await me(prisma, principalOf(request)) });

  app.route({
    ...listTokens,
    handler: async (request) => {
      requireOneself(principalOf(request));
      const tokens = await prisma.apiToken.findMany({
        where: inForce(principalOf(request).userId),
        orderBy: { id: 'desc' },
      });
      return { tokens: tokens.map(tokenView) };
    },
  });

  app.route({
    ...createToken,
    handler: async (request, reply) => {
      const userId = principalOf(request).userId;
      if ((await prisma.apiToken.count({ where: inForce(userId) })) >= maxTokens)
        throw new AppError('conflict', `You have ${maxTokens} tokens. Revoke one that you no longer use first.`);
      const token = newToken();
      const { name, expiresInDays } = request.body;
      const row = await prisma.apiToken.create({
        data: {
          userId,
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

async function endSession({ db }: Services, secret: string, principal: Principal): Promise<boolean> {
  return await transaction(db.pool, async (client) => {
    await end(client, secret, principal);
    return (await execute(client, 'delete from session where token_hash = $1', [tokenHash(secret)])) > 0;
  });
}

/** Takes away what has expired, and the oldest where a person has signed in very often without signing out. */
async function trimSessions({ db }: Services, userId: number): Promise<void> {
  await db.pool.query(
    `delete from session
     where user_id = $1
       and (expires_at < now() or id not in (select id from session where user_id = $1 order by id desc limit $2))`,
    [userId, maxSessions],
  );
}

function inForce(userId: number) {
  return { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] };
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
