import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';

const everything = {
  course: true,
  phases: { orderBy: { position: 'asc' }, include: { answerKey: true } },
  files: { orderBy: { name: 'asc' } },
} as const satisfies Prisma.CompetitionInclude;

/** A competition with its course, its phases in order and its files. */
export type FullCompetition = Prisma.CompetitionGetPayload<{ include: typeof everything }>;
export type FullPhase = FullCompetition['phases'][number];

export interface CompetitionCache {
  /** May be a few seconds old where another process changed it and Redis, which tells of it, is down. */
  find(slug: string): Promise<FullCompetition | undefined>;
  forget(): void;
}

const keepMs = 5_000;
const keepAtMost = 1_000;

export function createCompetitionCache(prisma: PrismaClient): CompetitionCache {
  const kept = new Map<string, { competition: FullCompetition; until: number }>();
  // A reading that began before a change must not be kept after it.
  let generation = 0;
  return {
    find: async (slug) => {
      const known = kept.get(slug);
      if (known && known.until > performance.now()) return known.competition;
      const begunIn = generation;
      const competition = await prisma.competition.findUnique({ where: { slug }, include: everything });
      if (competition === null) return undefined;
      if (kept.size >= keepAtMost) kept.clear();
      if (begunIn === generation) kept.set(slug, { competition, until: performance.now() + keepMs });
      return competition;
    },
    forget: () => {
      generation++;
      kept.clear();
    },
  };
}

/** The competitions of some courses, newest first; of all courses without `courseIds`. */
export async function listFull(prisma: PrismaClient, courseIds: readonly number[] | undefined): Promise<FullCompetition[]> {
  return await prisma.competition.findMany({
    where: courseIds === undefined ? {} : { courseId: { in: [...courseIds] } },
    include: everything,
    orderBy: { id: 'desc' },
  });
}
