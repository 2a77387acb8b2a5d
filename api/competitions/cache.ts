import { z } from 'zod';
import type { Prisma } from '../../core/db/generated/client.ts';
import type { Database } from '../../core/db/open.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { effectiveDates, ofNobody, reveal } from '../../core/schedule/effective.ts';
import { createKept } from '../kept.ts';

const everything = {
  course: true,
  phases: { orderBy: { position: 'asc' }, include: { answerKey: true } },
  files: { orderBy: { name: 'asc' } },
} as const satisfies Prisma.CompetitionInclude;

type Stored = Prisma.CompetitionGetPayload<{ include: typeof everything }>;

/** `closesAt`: the last moment in which the class may submit; `revealsAt`: when students see private scores. Null: no such time. */
export type FullPhase = Stored['phases'][number] & { readonly closesAt: Date | null; readonly revealsAt: Date | null };

/** A competition with its course, its phases in order and its files. */
export type FullCompetition = Omit<Stored, 'phases'> & { readonly phases: FullPhase[] };

export interface CompetitionCache {
  /** May be a few seconds old where another process changed it and Redis, which tells of it, is down. */
  find(slug: string): Promise<FullCompetition | undefined>;
  forget(): void;
}

export function createCompetitionCache({ prisma, pool }: Database): CompetitionCache {
  const kept = createKept({
    keepMs: 5_000,
    keepAtMost: 1_000,
    read: async (slug) => {
      const found = await prisma.competition.findUnique({ where: { slug }, include: everything });
      return found === null ? undefined : (await withTimes(pool, [found]))[0];
    },
  });
  return { find: kept.get, forget: kept.forget };
}

/** The competitions of some courses, newest first; of all courses without `courseIds`. */
export async function listFull(
  { prisma, pool }: Database,
  courseIds: readonly number[] | undefined,
): Promise<FullCompetition[]> {
  const found = await prisma.competition.findMany({
    where: courseIds === undefined ? {} : { courseId: { in: [...courseIds] } },
    include: everything,
    orderBy: { id: 'desc' },
  });
  return await withTimes(pool, found);
}

const Times = z.object({ id: z.number().int(), closesAt: z.date().nullable(), revealsAt: z.date().nullable() });

async function withTimes(db: Queryable, competitions: readonly Stored[]): Promise<FullCompetition[]> {
  const found = await rows(
    db,
    Times,
    `select phase.id, class_dates.closes_at as "closesAt", reveal.at as "revealsAt"
     from phase
     join competition on competition.id = phase.competition_id
     join course on course.id = competition.course_id
     cross join ${effectiveDates(ofNobody)} as class_dates
     cross join ${reveal} as reveal
     where competition.id = any($1)`,
    [competitions.map(({ id }) => id)],
  );
  const times = new Map(found.map(({ id, ...rest }) => [id, rest]));
  const none = { closesAt: null, revealsAt: null };
  return competitions.map((competition) => ({
    ...competition,
    phases: competition.phases.map((phase) => ({ ...phase, ...(times.get(phase.id) ?? none) })),
  }));
}
