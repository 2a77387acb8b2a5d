import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { createKept } from '../kept.ts';

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

export function createCompetitionCache(prisma: PrismaClient): CompetitionCache {
  const kept = createKept({
    keepMs: 5_000,
    keepAtMost: 1_000,
    read: async (slug) => (await prisma.competition.findUnique({ where: { slug }, include: everything })) ?? undefined,
  });
  return { find: kept.get, forget: kept.forget };
}

/** The competitions of some courses, newest first; of all courses without `courseIds`. */
export async function listFull(
  prisma: PrismaClient,
  courseIds: readonly number[] | undefined,
): Promise<FullCompetition[]> {
  return await prisma.competition.findMany({
    where: courseIds === undefined ? {} : { courseId: { in: [...courseIds] } },
    include: everything,
    orderBy: { id: 'desc' },
  });
}
