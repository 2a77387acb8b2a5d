import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FastifyRequest } from 'fastify';
import {
  kaggleDownloadLeaderboard,
  kaggleGetLeaderboard,
  kaggleListTeamPublicSubmissions,
  type KaggleTeamSubmission,
} from '../../core/contract/kaggle.ts';
import { csvOf } from '../../core/csv.ts';
import { maybeRow } from '../../core/db/sql.ts';
import { principalOf, roleIn } from '../auth/guard.ts';
import { notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { accessBoard, requireCrowd } from '../leaderboard/access.ts';
import { rowFor } from '../leaderboard/audience.ts';
import type { Services } from '../services.ts';
import { readSubmissions, submissionView } from '../submissions/read.ts';
import { accessNamed } from './access.ts';
import { pageOf } from './paging.ts';
import { scoreText } from './submissions.ts';
import { zipOfOne } from './zip.ts';

const maxTeamSubmissions = 1000;

export function kaggleBoardRoutes(app: App, services: Services): void {
  app.route({
    ...kaggleGetLeaderboard,
    handler: async (request) => {
      const { rows } = await boardFor(services, request, request.body.competitionName);
      const { items, nextPageToken } = pageOf(rows, request.body, 100);
      return {
        submissions: items.map(({ teamId, teamName, submittedAt, score }) => ({
          teamId,
          teamName,
          ...(submittedAt !== undefined && { submissionDate: submittedAt }),
          score,
        })),
        nextPageToken,
      };
    },
  });

  app.route({
    ...kaggleDownloadLeaderboard,
    handler: async (request, reply) => {
      const { rows, slug, board, isStaff } = await boardFor(services, request, request.body.competitionName);
      const header = ['Rank', 'TeamId', 'TeamName', ...(isStaff ? ['LastSubmissionDate'] : []), 'Score'];
      const lines = rows.map(({ rank, teamId, teamName, submittedAt, score }) => [
        rank ?? '',
        teamId,
        teamName,
        ...(isStaff ? [submittedAt ?? ''] : []),
        Number(score),
      ]);
      const csv = Buffer.from(csvOf([header, ...lines]));
      const zip = zipOfOne(`${slug}-${board}-leaderboard.csv`, csv, services.clock.now());
      reply.type('application/octet-stream').header('content-length', zip.length);
      return await reply.send(zip);
    },
  });

  app.route({
    ...kaggleListTeamPublicSubmissions,
    handler: async (request) => ({ submissions: await teamSubmissions(services, request, request.body.teamId) }),
  });
}

/** The private board once it is revealed, else the public one, as the reader may see it. */
async function boardFor(services: Services, request: FastifyRequest, competitionName: string) {
  const { competition } = await accessNamed(services, principalOf(request), competitionName);
  const { slug } = competition;
  const { revealed } = await accessBoard(services, request, slug, { board: 'public' });
  const board = revealed ? 'private' : 'public';
  const granted = await accessBoard(services, request, slug, { board });
  const { snapshot } = await services.boards.current(granted.phase.id, granted.shown);
  requireCrowd(granted, snapshot.rankedTeams);
  const metric = competition.metrics[0] ?? '';
  const rows = snapshot.rows.map((row) => {
    const { rank, name, scores, submittedAt } = rowFor(granted.audience, row);
    const score = scoreText(scores[metric]?.value);
    return { rank, teamId: teamNumber(competition.id, name), teamName: name, submittedAt, score };
  });
  return { rows, slug, board, isStaff: granted.isStaff };
}

const inOneCompetition = 2 ** 32;

/**
 * What this protocol calls a team by. Our own ids tell the order in which teams were made; this says the competition, and the pseudonym that is on the board in any
 * case.
 */
function teamNumber(competitionId: number, pseudonym: string): number {
  const digest = createHash('sha256').update(`${competitionId}\n${pseudonym}`).digest();
  return competitionId * inOneCompetition + digest.readUInt32BE(0);
}

/** @throws AppError not-found for a team that the reader sees on no board */
async function teamSubmissions(
  services: Services,
  request: FastifyRequest,
  teamId: number,
): Promise<KaggleTeamSubmission[]> {
  const noTeam = () => notFound(`team ${teamId}`);
  const competitionId = Math.floor(teamId / inOneCompetition);
  if (competitionId < 1 || competitionId >= 2 ** 21) throw noTeam();
  const Row = z.object({ slug: z.string(), courseId: z.number().int() });
  const query = 'select slug, course_id as "courseId" from competition where id = $1';
  const found = await maybeRow(services.db.pool, Row, query, [competitionId]);
  const principal = principalOf(request);
  if (!found || !roleIn(principal, found.courseId)) throw noTeam();
  const granted = await accessBoard(services, request, found.slug, { board: 'public' });
  const { snapshot } = await services.boards.current(granted.phase.id, granted.shown);
  const row = snapshot.rows.find(({ name }) => teamNumber(competitionId, name) === teamId);
  if (!row) throw noTeam();
  const metric = granted.competition.metrics[0] ?? '';
  const isOwn = snapshot.teamOfUser.get(principal.userId) === row.teamId;
  if (!granted.isStaff && !isOwn) {
    requireCrowd(granted, snapshot.rankedTeams);
    return [{ id: 1, publicScore: scoreText(rowFor(granted.audience, row).scores[metric]?.value) }];
  }
  const filter = { teamId: row.teamId, state: 'scored', limit: maxTeamSubmissions } as const;
  return (await readSubmissions(services, filter)).map((submission) => {
    const { id, receivedAt, scores } = submissionView(submission, granted.isStaff);
    return { id, dateSubmitted: receivedAt, publicScore: scoreText(scores?.public[metric]?.value) };
  });
}
