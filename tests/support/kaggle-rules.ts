import { kaggleGetLeaderboard } from '../../core/contract/kaggle.ts';
import type { Caller, Cast } from './cast.ts';
import { makeCompetition, tinyPredictions } from './competitions.ts';
import { kaggleCall, startUpload } from './kaggle.ts';
import type { Rule } from './permissions.ts';
import type { Person } from './people.ts';

const competition = (cast: Cast) => ({ json: { competitionName: cast.slug } });

/** Of the kaggle command's protocol. Who is in no course of a competition is told so there. */
export const kaggleRules: Readonly<Record<string, Rule>> = {
  kaggleIntrospectToken: { for: 'everybody', filling: () => ({ json: { token: 'no token' } }) },
  kaggleHello: { for: 'the signed-in', filling: () => ({ json: {} }) },
  kaggleListCompetitions: { for: 'the signed-in', filling: () => ({ json: {} }) },
  kaggleGetCompetition: { for: 'the course, others being told so', filling: competition },
  kaggleListCompetitionPages: { for: 'the course, others being told so', filling: competition },
  kaggleListDataFiles: { for: 'the course, others being told so', filling: competition },
  kaggleDownloadDataFile: {
    for: 'the course, others being told so',
    filling: ({ slug }) => ({ json: { competitionName: slug, fileName: 'test.csv' } }),
  },
  kaggleDownloadDataFiles: { for: 'the course, others being told so', filling: competition },
  // Who has the link may follow it.
  kaggleFile: {
    for: 'everybody',
    filling: async ({ slug, student }) => ({
      params: await linkOf(student, 'DownloadDataFile', { competitionName: slug, fileName: 'test.csv' }),
    }),
  },
  kaggleZip: {
    for: 'everybody',
    filling: async ({ slug, student }) => ({
      params: await linkOf(student, 'DownloadDataFiles', { competitionName: slug }),
    }),
  },
  kaggleStartSubmissionUpload: {
    for: 'the course, others being told so',
    filling: ({ slug }) => ({ json: { competitionName: slug, contentLength: 5, fileName: 'p.csv' } }),
  },
  kagglePutUpload: {
    for: 'everybody',
    filling: async ({ slug, student }) => ({
      params: { token: (await startUpload(student, slug)).token },
      file: tinyPredictions,
    }),
  },
  kaggleCreateSubmission: {
    for: 'the course, others being told so',
    filling: async (cast, caller) => ({
      json: { competitionName: cast.slug, blobFileTokens: await anotherUpload(cast, caller) },
    }),
  },
  kaggleListSubmissions: { for: 'the course, others being told so', filling: competition },
  kaggleGetSubmission: { for: 'the team and staff', filling: ({ submissionId }) => ({ json: { ref: submissionId } }) },
  kaggleGetSubmissionLimits: { for: 'the course, others being told so', filling: competition },
  kaggleGetLeaderboard: { for: 'the course, others being told so', filling: competition },
  kaggleDownloadLeaderboard: { for: 'the course, others being told so', filling: competition },
  kaggleListTeamPublicSubmissions: {
    for: 'the course',
    filling: async (cast) => ({ json: { teamId: await teamOnBoard(cast) } }),
  },
};

async function linkOf(person: Person, method: string, body: unknown): Promise<Record<string, string>> {
  const location = (await kaggleCall(person, method, body)).headers.get('location') ?? '';
  const [token, name] = location.split('/').slice(-2);
  if (token === undefined || name === undefined) throw new Error('there is no link');
  return { token, name };
}

/** Of the caller, where they may submit at all. */
async function anotherUpload({ person, slug, student }: Cast, caller: Caller): Promise<string> {
  const isInside = ['student', 'classmate', 'ta', 'instructor', 'admin'].includes(caller);
  const owner = (isInside ? person(caller) : undefined) ?? student;
  const { token, createUrl } = await startUpload(owner, slug);
  await fetch(createUrl, { method: 'PUT', body: tinyPredictions });
  return token;
}

/** Of a competition of its own: a board that was read before may be kept for a moment. */
async function teamOnBoard({ system, course, student }: Cast): Promise<number> {
  const slug = await makeCompetition(course);
  const { id } = await student.submit(slug, tinyPredictions);
  const { prisma } = system.db;
  const score = { value: 0.5, rows: 2 };
  const { phaseId, teamId, receivedAt } = await prisma.submission.update({
    where: { id },
    data: {
      state: 'scored',
      finishedAt: new Date(),
      scores: { public: { top1: score }, private: { top1: score } },
      publicValue: 0.5,
      privateValue: 0.5,
    },
  });
  await prisma.standing.create({
    data: { phaseId, teamId, board: 'public', submissionId: id, value: 0.5, receivedAt },
  });
  const board = await kaggleCall(student, 'GetLeaderboard', { competitionName: slug });
  const [row] = kaggleGetLeaderboard.schema.response[200].parse(board.body).submissions;
  if (!row) throw new Error('nobody is on the board');
  return row.teamId;
}
