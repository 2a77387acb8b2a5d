import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Log } from '../core/log.ts';
import { announcementRoutes } from './announcements/routes.ts';
import { archiveRoutes, archiveUploadRoutes } from './archive/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { guard } from './auth/guard.ts';
import { authRoutes, signInRoute } from './auth/routes.ts';
import { pythonClientRoute, starterRoutes } from './client/routes.ts';
import { competitionFolderRoutes, competitionFolderUploadRoutes } from './competition-folder/routes.ts';
import { competitionRoutes } from './competitions/routes.ts';
import { competitionUploadRoutes } from './competitions/upload-routes.ts';
import { courseRoutes } from './courses/routes.ts';
import { sectionRoutes } from './courses/sections.ts';
import { dateRoutes } from './dates/routes.ts';
import { handleErrors, sendProblem } from './errors.ts';
import { regradeRoutes } from './grades/regrade-routes.ts';
import { gradeRoutes } from './grades/routes.ts';
import { hookRoutes } from './hooks/routes.ts';
import { describeApi } from './http/openapi.ts';
import { securityHeaders } from './http/security.ts';
import { takeUploads } from './http/upload.ts';
import { stampReceipt } from './http/receipt.ts';
import { refuseNul } from './http/refuse-nul.ts';
import { serveWeb } from './http/web.ts';
import { insightRoutes } from './insights/routes.ts';
import { inspectionRoutes } from './inspection/routes.ts';
import { askToJoinRoutes, joinRoutes } from './join/routes.ts';
import { finalStandingRoutes } from './leaderboard/final-routes.ts';
import { leaderboardRoutes } from './leaderboard/routes.ts';
import { pathOf } from './kaggle/address.ts';
import { kaggleRoutes } from './kaggle/routes.ts';
import { endAllStreams } from './live/sse.ts';
import { operatorRoutes } from './operations/operator-routes.ts';
import { operationRoutes } from './operations/routes.ts';
import { queueRoutes } from './queue/routes.ts';
import { imageRoutes } from './runs/image-routes.ts';
import { runRoutes } from './runs/routes.ts';
import { passwordLinkRoutes, passwordRoutes } from './passwords/routes.ts';
import { rosterRoutes, rosterUploadRoutes } from './roster/routes.ts';
import type { Services } from './services.ts';
import { submissionRoutes } from './submissions/routes.ts';
import { teamRoutes } from './teams/routes.ts';
import { teamStaffRoutes } from './teams/staff-routes.ts';
import { teamworkRoutes } from './teams/teamwork-routes.ts';
import { submissionUploadRoutes } from './submissions/upload-routes.ts';
import { viewingRoutes } from './viewing/routes.ts';

export interface AppOptions {
  readonly log: Log;
  readonly trustedProxies: number;
  /** Cookies and headers for HTTPS only. */
  readonly secure: boolean;
  readonly webDirectory: string;
  /** Told of every route that is served, as `GET /api/v1/me`. */
  readonly onRoute?: ((route: string) => void) | undefined;
}

/** An upload that takes longer is cut off, so that nobody can hold the deadline open. */
const requestTimeoutMs = 10 * 60_000;
/** Fastify's own ten seconds are too few where everything starts at once on a machine that is busy already. */
const startTimeoutMs = 60_000;

/** The server, assembled but not listening. Every scope that is not public is guarded as a whole. */
export async function buildApp(
  services: Services,
  { log, trustedProxies, secure, webDirectory, onRoute }: AppOptions,
): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: requestTimeoutMs,
    pluginTimeout: startTimeoutMs,
    genReqId: requestIds(),
    rewriteUrl: ({ url }) => pathOf(url),
    trustProxy: (_address, hop) => hop < trustedProxies,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 255 },
    // More than the default of 64 KiB, so that an upload flows on while the disk takes what came before.
    http: { highWaterMark: 1 << 20 },
    // What the router can't read, such as a broken escape, never reaches the error handler.
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply);
    },
  });
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) onRoute?.(`${one} ${url}`);
  });
  handleErrors(app);
  stampReceipt(app, services.clock);
  observe(app, services);
  app.addHook('preClose', async () => endAllStreams());
  securityHeaders(app, { secure });
  await app.register(cookie);
  await app.register(async (api) => {
    api.setValidatorCompiler(validatorCompiler);
    api.setSerializerCompiler(serializerCompiler);
    refuseNul(api);
    await describeApi(api);
    operationRoutes(api, services);
    await pythonClientRoute(api);
    await api.register(async (scope) => {
      const typed = scope.withTypeProvider<ZodTypeProvider>();
      signInRoute(typed, services);
      passwordRoutes(typed, services);
      askToJoinRoutes(typed, services);
    });
    await api.register(async (scope) => {
      guard(scope, services.principals);
      const typed = scope.withTypeProvider<ZodTypeProvider>();
      authRoutes(typed, services);
      courseRoutes(typed, services);
      sectionRoutes(typed, services);
      rosterRoutes(typed, services);
      viewingRoutes(typed, services);
      joinRoutes(typed, services);
      passwordLinkRoutes(typed, services);
      announcementRoutes(typed, services);
      auditRoutes(typed, services);
      queueRoutes(typed, services);
      hookRoutes(typed, services);
      operatorRoutes(typed, services);
      archiveRoutes(typed, services);
      competitionRoutes(typed, services);
      starterRoutes(typed, services);
      competitionFolderRoutes(typed, services);
      dateRoutes(typed, services);
      submissionRoutes(typed, services);
      inspectionRoutes(typed, services);
      insightRoutes(typed, services);
      leaderboardRoutes(typed, services);
      teamRoutes(typed, services);
      teamworkRoutes(typed, services);
      teamStaffRoutes(typed, services);
      finalStandingRoutes(typed, services);
      gradeRoutes(typed, services);
      regradeRoutes(typed, services);
      imageRoutes(typed, services);
      runRoutes(typed, services);
    });
    await api.register(async (scope) => {
      guard(scope, services.principals);
      await takeUploads(scope);
      const typed = scope.withTypeProvider<ZodTypeProvider>();
      archiveUploadRoutes(typed, services);
      rosterUploadRoutes(typed, services);
      competitionUploadRoutes(typed, services);
      competitionFolderUploadRoutes(typed, services);
      submissionUploadRoutes(typed, services);
    });
    await api.register(async (scope) => await kaggleRoutes(scope, services));
  });
  await serveWeb(app, webDirectory);
  return app;
}

/** Ids that no other process gives, before or beside this one: the logs of all may lie in one place. */
function requestIds(): () => string {
  const process = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${process}-${(count += 1).toString(36)}`;
}

/** One log line and one measurement for each request, by the route's pattern, never by what a client put into the path. */
function observe(app: FastifyInstance, services: Services): void {
  // Hooks that wait for nothing call back: a promise for each would be a tenth of a short answer's time.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    services.metrics.http({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    // Reads that went well are too many to be worth a line each.
    const level = request.method === 'GET' && reply.statusCode < 400 ? 'debug' : 'info';
    request.log[level](
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
    done();
  });
}
