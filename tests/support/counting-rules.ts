import type { Cast } from './cast.ts';
import { makeCompetition, tinyKey, tinyPredictions } from './competitions.ts';
import type { Filling, Rule } from './permissions.ts';

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
  getParts: { for: 'the course' },
  putAttachment: {
    for: 'the team and staff',
    filling: async (cast) => ({ params: { id: await submissionWithReport(cast) }, file: '%PDF' }),
  },
  downloadAttachment: {
    for: 'the team and staff',
    filling: async (cast) => ({ params: { id: await submissionWithReport(cast) } }),
  },
  deleteAttachment: {
    for: 'the team and staff',
    filling: async (cast) => ({ params: { id: await submissionWithReport(cast) } }),
  },
  createKeyPreview: {
    for: 'its instructors',
    filling: async ({ course }) => ({ params: { slug: await makeCompetition(course) }, file: tinyKey }),
  },
  getKeyPreview: { for: 'its instructors', filling: readyPreview },
  applyKeyPreview: { for: 'its instructors', filling: readyPreview },
  createRerunBatch: {
    for: 'its staff',
    filling: async ({ course }) => ({ params: { slug: await makeCompetition(course) }, json: {} }),
  },
  listRerunBatches: { for: 'its staff' },
  changeRerunBatch: {
    for: 'its staff',
    filling: async ({ course, system }) => {
      const slug = await makeCompetition(course);
      const phase = await system.db.prisma.phase.findFirstOrThrow({ where: { competition: { slug } } });
      const data = { phaseId: phase.id, runCode: false, createdById: course.ta.id };
      const { id } = await system.db.prisma.rerunBatch.create({ data });
      return { params: { slug, id }, json: { state: 'paused' } };
    },
  },
};

/** Of the key that is in force already: it can be applied without a change. */
async function readyPreview({ system: { db }, slug, course }: Cast): Promise<Filling> {
  const phase = await db.prisma.phase.findFirstOrThrow({
    where: { competition: { slug }, slug: 'main' },
    include: { answerKey: true },
  });
  const { id } = await db.prisma.keyPreview.create({
    data: {
      phaseId: phase.id,
      keyHash: phase.answerKey?.hash ?? '',
      counts: { rows: 4, publicRows: 2, privateRows: 2, ignoredRows: 0 },
      replacesHash: phase.answerKey?.hash ?? null,
      state: 'ready',
      createdById: course.instructor.id,
    },
  });
  return { params: { id } };
}

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

async function submissionWithReport({ course, student }: Cast): Promise<number> {
  const attachments = [{ id: 'report', title: 'Report', kind: 'file' }];
  const slug = await makeCompetition(course, { settings: { attachments } });
  const { id } = await student.submit(slug, tinyPredictions);
  const { status, text } = await student.upload(`PUT /submissions/${id}/attachments/report`, '%PDF', 'report.pdf');
  if (status !== 200) throw new Error(text);
  return id;
}
