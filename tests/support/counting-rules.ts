import type { Cast } from './cast.ts';
import { makeCompetition, tinyPredictions } from './competitions.ts';
import type { Rule } from './permissions.ts';

/** Who may call the endpoints about what counts. */
export const countingRules: Readonly<Record<string, Rule>> = {
  selectSubmission: {
    for: 'the team and staff',
    filling: async (cast) => ({ params: { id: await scoredSubmission(cast) }, json: { selected: true } }),
  },
  disqualifySubmission: {
    for: 'staff, the team being told so',
    filling: async (cast) => ({ params: { id: await scoredSubmission(cast) }, json: { reason: 'It is a copy.' } }),
  },
  restoreSubmission: {
    for: 'staff, the team being told so',
    filling: async (cast) => {
      const id = await scoredSubmission(cast);
      const data = { disqualifiedAt: new Date(), disqualifiedReason: 'It is a copy.' };
      await cast.system.db.prisma.submission.update({ where: { id }, data });
      return { params: { id } };
    },
  },
};

/** As if a worker had been there, in a phase where teams select what counts. */
async function scoredSubmission({ system, course, student }: Cast): Promise<number> {
  const slug = await makeCompetition(course, { settings: { counts: 'selected' } });
  const { id } = await student.submit(slug, tinyPredictions);
  await system.db.prisma.submission.update({
    where: { id },
    data: { state: 'scored', finishedAt: new Date(), scores: { public: {}, private: {} } },
  });
  return id;
}
