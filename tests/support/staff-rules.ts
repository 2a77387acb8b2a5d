import type { Cast } from './cast.ts';
import { tinyPredictions } from './competitions.ts';
import type { Rule } from './permissions.ts';

/** Who may call the endpoints of what staff look at. */
export const staffRules: Readonly<Record<string, Rule>> = {
  getStaffQueue: { for: 'its staff' },
  settleSubmission: {
    for: 'staff, the team being told so',
    filling: async (cast) => ({ params: { id: await failedSubmission(cast) }, json: { settled: true } }),
  },
  listCodeFiles: { for: 'staff, the team being told so' },
  getCodeFile: {
    for: 'staff, the team being told so',
    filling: async (cast) => ({ params: { id: await codeSubmission(cast) }, query: 'path=main.py' }),
  },
  listPredictedRows: {
    for: 'staff, the team being told so',
    filling: async (cast) => ({ params: { id: await scoredSubmission(cast) } }),
  },
  getInsights: { for: 'its staff' },
  getRowInsights: {
    for: 'its staff',
    filling: async (cast) => {
      await standing(cast, await scoredSubmission(cast));
      return {};
    },
  },
};

async function standing({ system: { db } }: Cast, submissionId: number): Promise<void> {
  const { phaseId, teamId, receivedAt } = await db.prisma.submission.findUniqueOrThrow({ where: { id: submissionId } });
  const data = { submissionId, value: 0.5, receivedAt };
  const place = { phaseId, teamId, board: 'private' as const };
  await db.prisma.standing.upsert({
    where: { phaseId_board_teamId: place },
    create: { ...place, ...data },
    update: data,
  });
}

/** As if a worker had been there. */
async function scoredSubmission({ system, student, slug }: Cast): Promise<number> {
  const { id } = await student.submit(slug, tinyPredictions);
  const { answerKeyId } = await system.db.prisma.phase.findFirstOrThrow({
    where: { competition: { slug }, slug: 'main' },
  });
  await system.db.prisma.submission.update({
    where: { id },
    data: { state: 'scored', finishedAt: new Date(), answerKeyId, scores: { public: {}, private: {} } },
  });
  return id;
}

async function codeSubmission({ system, student, slug }: Cast): Promise<number> {
  const { id } = await student.submit(slug, tinyPredictions);
  await system.db.prisma.submission.update({ where: { id }, data: { kind: 'code', fileName: 'main.py' } });
  return id;
}

/** Given up, as if a worker had been there. */
async function failedSubmission({ system, student, slug }: Cast): Promise<number> {
  const { id } = await student.submit(slug, tinyPredictions);
  await system.db.prisma.submission.update({
    where: { id },
    data: { state: 'failed', finishedAt: new Date(), fault: 'it broke' },
  });
  return id;
}
