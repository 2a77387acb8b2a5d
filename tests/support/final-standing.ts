import { transaction } from '../../core/db/sql.ts';
import { freeze } from '../../core/final-standing/freeze.ts';
import type { Cast } from './cast.ts';
import { hourMs, makeCompetition, tinyPredictions } from './competitions.ts';
import type { Rule } from './permissions.ts';

/** Who may call the endpoints about the final standing. */
export const finalStandingRules: Readonly<Record<string, Rule>> = {
  getFinalStanding: { for: 'the course' },
  downloadFinalStanding: { for: 'the course', filling: async (cast) => ({ params: { slug: await frozen(cast) } }) },
  exportFinalStanding: { for: 'its staff', filling: async (cast) => ({ params: { slug: await frozen(cast) } }) },
  exportFinalStandingWithNames: {
    for: 'its staff',
    filling: async (cast) => ({ params: { slug: await frozen(cast) } }),
  },
  revealPrivateBoard: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { slug: await closed(cast, new Date(Date.now() + hourMs)) } }),
  },
  freezeFinalStanding: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { slug: await frozen(cast) }, json: { reason: 'A key was wrong.' } }),
  },
};

const dayMs = 24 * hourMs;

/** A competition that was due long ago, whatever accommodations its students were given meanwhile; with one scored submission, as if a worker had been there. */
async function closed({ system, course, student }: Cast, revealAt: Date | null): Promise<string> {
  const slug = await makeCompetition(course);
  const { id } = await student.submit(slug, tinyPredictions);
  const { prisma } = system.db;
  const score = { top1: { value: 0.5, rows: 2, hits: 1 } };
  const { phaseId, teamId, receivedAt } = await prisma.submission.update({
    where: { id },
    data: { state: 'scored', finishedAt: new Date(), scores: { public: score, private: score } },
  });
  for (const board of ['public', 'private'] as const)
    await prisma.standing.create({ data: { phaseId, teamId, board, submissionId: id, value: 0.5, receivedAt } });
  const answer = await course.instructor.json(`PATCH /competitions/${slug}`, {
    opensAt: new Date(Date.now() - 61 * dayMs).toISOString(),
    dueAt: new Date(Date.now() - 60 * dayMs).toISOString(),
    revealAt: revealAt?.toISOString() ?? null,
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return slug;
}

async function frozen(cast: Cast): Promise<string> {
  const slug = await closed(cast, null);
  const { pool, prisma } = cast.system.db;
  const { id } = await prisma.phase.findFirstOrThrow({ where: { competition: { slug } } });
  await transaction(pool, async (client) => await freeze(client, id, {}));
  return slug;
}
