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
};

/** Given up, as if a worker had been there. */
async function failedSubmission({ system, student, slug }: Cast): Promise<number> {
  const { id } = await student.submit(slug, tinyPredictions);
  await system.db.prisma.submission.update({
    where: { id },
    data: { state: 'failed', finishedAt: new Date(), fault: 'it broke' },
  });
  return id;
}
