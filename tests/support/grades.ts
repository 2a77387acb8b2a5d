import { GradeScheme } from '../../core/contract/grade-scheme.ts';
import { Regrade } from '../../core/contract/regrades.ts';
import type { Cast } from './cast.ts';
import { hourMs, makeCompetition } from './competitions.ts';
import type { Rule } from './permissions.ts';

/** Ten points, all given by hand. */
const tinyScheme = GradeScheme.parse({ rubric: [{ id: 'report', title: 'Report', points: 10 }] });

/** Who may call what of grades; part of the table of all endpoints. */
export const gradeRules: Readonly<Record<string, Rule>> = {
  getGradeScheme: { for: 'its staff' },
  putGradeScheme: {
    for: 'its instructors',
    filling: async ({ course }) => ({
      params: { slug: await makeCompetition(course) },
      json: { version: 0, scheme: tinyScheme },
    }),
  },
  getGradebook: { for: 'its staff', filling: async (cast) => ({ params: { slug: await gradedCompetition(cast) } }) },
  putMarks: {
    for: 'its staff',
    filling: async (cast) => ({
      params: { slug: await gradedCompetition(cast), id: cast.student.id },
      json: { marks: [{ item: 'report', points: 7 }] },
    }),
  },
  putOverride: {
    for: 'its instructors',
    filling: async (cast) => ({
      params: { slug: await gradedCompetition(cast), id: cast.student.id },
      json: { points: 9, reason: 'Agreed.' },
    }),
  },
  deleteOverride: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { slug: await gradedCompetition(cast), id: cast.student.id } }),
  },
  releaseGrades: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { slug: await gradedCompetition(cast) }, json: {} }),
  },
  withdrawGrades: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { slug: await gradedCompetition(cast, cast.student.id) }, json: {} }),
  },
  exportGrades: { for: 'its staff', filling: async (cast) => ({ params: { slug: await gradedCompetition(cast) } }) },
  getMyGrade: { for: 'the course' },
  askForRegrade: {
    for: 'the course',
    filling: async (cast, caller) => ({
      params: { slug: await gradedCompetition(cast, cast.person(caller)?.id) },
      json: { text: 'Please look again.' },
    }),
  },
  listRegrades: { for: 'its staff' },
  addRegradeMessage: {
    for: 'the team and staff',
    filling: async (cast) => ({ params: { id: await anotherRegrade(cast) }, json: { text: 'And look here.' } }),
  },
  decideRegrade: {
    for: 'staff, the team being told so',
    filling: async (cast) => ({
      params: { id: await anotherRegrade(cast) },
      json: { outcome: 'declined', text: 'It stands.' },
    }),
  },
};

/** Closed and revealed, with a scheme, and a grade that was set for the student of the cast; released to `releasedTo`. */
async function gradedCompetition({ course, student, system }: Cast, releasedTo?: number): Promise<string> {
  // So long ago that nobody's accommodation lets them submit still.
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * hourMs).toISOString();
  const slug = await makeCompetition(course, { settings: { opensAt: daysAgo(101), dueAt: daysAgo(100) } });
  const { prisma } = system.db;
  const { id: phaseId } = await prisma.phase.findFirstOrThrow({ where: { competition: { slug } } });
  await prisma.gradeScheme.create({ data: { phaseId, version: 1, scheme: tinyScheme } });
  await prisma.gradeOverride.create({ data: { phaseId, userId: student.id, points: 8, reason: 'Agreed.' } });
  if (releasedTo !== undefined) {
    const [now, later] = [new Date(), new Date(Date.now() + 24 * hourMs)];
    const grade = { points: 8, of: 10, lines: [] };
    await prisma.gradeRelease.create({
      data: { phaseId, userId: releasedTo, grade, releasedAt: now, regradeUntil: later },
    });
  }
  return slug;
}

async function anotherRegrade(cast: Cast): Promise<number> {
  const slug = await gradedCompetition(cast, cast.student.id);
  const answer = await cast.student.json(`POST /competitions/${slug}/regrades`, { text: 'Please look again.' });
  return Regrade.parse(answer.body).id;
}
