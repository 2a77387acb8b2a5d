import { makeCompetition } from '../support/competitions.ts';
import { makeCourse } from '../support/people.ts';
import type { Stack } from './stack.ts';

/** A competition on the digits data with many students, each holding a token. */
export interface Class {
  readonly slug: string;
  readonly competitionId: number;
  readonly phaseId: number;
  /** The token of the student with this number, from 1. */
  readonly token: (student: number) => string;
}

const token = (student: number) => `topk_bench_${student}`;

/** @param teams how many of the students have a team already; the others get one with their first submission */
export async function makeClass(
  stack: Stack,
  { key, students, teams }: { key: string; students: number; teams: number },
): Promise<Class> {
  const { pool, prisma } = stack.db;
  const course = await makeCourse(stack, { students: 0 });
  const slug = await makeCompetition(course, {
    key,
    settings: { dailyLimit: null, totalLimit: null, maxFileBytes: 500_000_000 },
  });
  const competition = await prisma.competition.findUniqueOrThrow({ where: { slug }, include: { phases: true } });
  const [phase] = competition.phases;
  if (phase === undefined) throw new Error('a competition without a phase');
  await pool.query(
    `with person as (
       insert into "user" (email, name)
       select 'student' || n || '@bench.example', 'Student ' || n from generate_series(1, $2::int) n
       returning id, email
     ),
     enrolled as (
       insert into enrollment (course_id, user_id, role) select $1, id, 'student' from person
     )
     insert into api_token (user_id, name, token_hash, hint)
     select id, 'bench', sha256(convert_to('topk_bench_' || substring(email from 'student(\\d+)@'), 'UTF8')), 'topk_bench' from person`,
    [course.id, students],
  );
  await pool.query(
    `with person as (
       select id, substring(email from 'student(\\d+)@')::int as n from "user" where email like 'student%@bench.example'
     ),
     made as (
       insert into team (competition_id, pseudonym)
       select $1, 'Brisk Bench ' || n from person where n <= $2
       returning id, pseudonym
     )
     insert into team_member (competition_id, user_id, team_id)
     select $1, person.id, made.id from made join person on made.pseudonym = 'Brisk Bench ' || person.n`,
    [competition.id, teams],
  );
  return { slug, competitionId: competition.id, phaseId: phase.id, token };
}
