import type { FastifyReply } from 'fastify';
import { getBoardHistory } from '../../core/contract/board-history.ts';
import { exportLeaderboard, getLeaderboard, getParts, leaderboardEvents } from '../../core/contract/leaderboard.ts';
import type { Board } from '../../core/contract/scores.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { partsOf } from '../competitions/parts.ts';
import type { App } from '../http/app-type.ts';
import { acceptsGzip } from '../http/prefixed-body.ts';
import { streamBoard } from '../live/board-stream.ts';
import type { Services } from '../services.ts';
import { boardCsv } from './csv.ts';
import { accessBoard, isCrowd, requireCrowd } from './access.ts';
import { rowFor } from './audience.ts';
import { createHistories } from './history.ts';
import { historyView } from './history-view.ts';

export function leaderboardRoutes(app: App, services: Services): void {
  const histories = createHistories(services.db.pool);
  app.route({
    ...getLeaderboard,
    handler: async (request, reply) => {
      const { limit, cursor = 0, board } = request.query;
      const granted = await accessBoard(services, request, request.params.slug, request.query);
      const { competition, phase, audience, revealed, shown } = granted;
      const { snapshot, pages } = await services.boards.current(phase.id, shown, request.query.part);
      requireCrowd(granted, snapshot.rankedTeams);
      const teamId = snapshot.teamOfUser.get(principalOf(request).userId);
      const packed = acceptsGzip(request.headers['accept-encoding']);
      const etag = `"${snapshot.versions[audience]}-${audience}-${teamId ?? 0}-${cursor}-${limit}-${revealed}-${competition.metrics.join()}-${packed ? 'gzip' : 'plain'}"`;
      reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'accept-encoding, authorization, cookie' });
      if (request.headers['if-none-match'] === etag) return await sendNotModified(reply);
      const page = pages.cut(audience, cursor, limit);
      const row = teamId === undefined ? undefined : snapshot.rowOfTeam.get(teamId);
      const own = JSON.stringify({
        competition: competition.slug,
        phase: phase.slug,
        board,
        revealed,
        primaryMetric: competition.metrics[0] ?? '',
        metrics: competition.metrics,
        teams: snapshot.rankedTeams,
        ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
        me: row === undefined ? null : rowFor(audience, row),
      }).slice(1);
      reply.type('application/json; charset=utf-8');
      const gzip = packed ? page.body.gzip(own) : undefined;
      if (gzip) reply.header('content-encoding', 'gzip');
      return await sendBytes(reply, gzip ?? page.body.plain(own));
    },
  });

  app.route({
    ...exportLeaderboard,
    handler: async (request, reply) => {
      const { competition, phase, role } = await accessBoard(services, request, request.params.slug, request.query);
      requireRole(role, 'ta');
      const { snapshot } = await services.boards.current(phase.id, request.query.board, request.query.part);
      const name = `${competition.slug}-${phase.slug}-${request.query.board}.csv`;
      reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8');
      return await reply.serializer(String).send(boardCsv(snapshot.rows, competition.metrics, request.query.board));
    },
  });

  app.route({
    ...getParts,
    handler: async (request) => {
      const { slug } = request.params;
      const target = { phase: request.query.phase, board: 'public' } as const;
      const granted = await accessBoard(services, request, slug, target);
      const { phase, audience, revealed } = granted;
      const { userId } = principalOf(request);
      const mine = async (board: Board, part: string) => {
        const { snapshot } = await services.boards.current(phase.id, board, part);
        const row = snapshot.rowOfTeam.get(snapshot.teamOfUser.get(userId) ?? 0);
        if (row === undefined) return null;
        const own = rowFor(audience, row);
        return isCrowd(granted, snapshot.rankedTeams) ? own : { ...own, rank: null, publicRank: null };
      };
      const parts = [];
      for (const part of partsOf(phase))
        parts.push({
          ...part,
          public: await mine('public', part.slug),
          ...(revealed && { private: await mine('private', part.slug) }),
        });
      return { parts };
    },
  });

  app.route({
    ...getBoardHistory,
    handler: async (request) => {
      const { phase: wanted, teams: first } = request.query;
      const target = { phase: wanted, board: 'public' } as const;
      const granted = await accessBoard(services, request, request.params.slug, target);
      const { competition, phase } = granted;
      const { snapshot } = await services.boards.current(phase.id, 'public');
      requireCrowd(granted, snapshot.rankedTeams);
      const history = await histories.current(phase.id);
      const myTeamId = snapshot.teamOfUser.get(principalOf(request).userId);
      const isShown = (teams: number) => isCrowd(granted, teams);
      return {
        competition: competition.slug,
        phase: phase.slug,
        metric: competition.metrics[0] ?? '',
        ...historyView({ history, snapshot, first, myTeamId, isCrowd: isShown }),
      };
    },
  });

  app.route({
    ...leaderboardEvents,
    handler: async (request, reply) => {
      const { phase, audience, shown } = await accessBoard(services, request, request.params.slug, request.query);
      streamBoard(
        services,
        request,
        reply,
        phase.id,
        async () => (await services.boards.current(phase.id, shown, request.query.part)).snapshot.versions[audience],
      );
      return await reply;
    },
  });
}

/** Past the contract's serializer: the rows were made into bytes once, not for each reader. A test parses the answer with the contract. */
async function sendBytes(reply: FastifyReply, bytes: Buffer): Promise<FastifyReply> {
  return await reply.send(bytes);
}

async function sendNotModified(reply: FastifyReply): Promise<FastifyReply> {
  return await reply.code(304).send();
}
