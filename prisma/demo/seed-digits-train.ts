import { join } from 'node:path';
import { z } from 'zod';
import { Submission } from '../../core/contract/submissions.ts';
import type { DemoAccess } from '../seed.ts';
import { form, openClient, type Client } from './client.ts';
import { baselinesOf, demoDates, ensureCompetition } from './competition.ts';

const slug = 'digits-train';
const digits = join(import.meta.dirname, '../../examples/digits');
const starters = join(import.meta.dirname, 'digits-train');

const description = `Train a classifier of handwritten digits. What you submit is not its predictions but its code: it is trained where it is graded, on one CPU,
without network, in ten minutes at most.

Submit a \`.py\`, an \`.ipynb\`, or a \`.zip\` with \`main.py\` or \`main.ipynb\` at its top. It finds \`train.csv\` and \`test.csv\` in the folder that
\`TOPK_DATA\` names, takes its seed from \`TOPK_SEED\`, and writes \`predictions.csv\` into the working folder: for each image of \`test.csv\` the digits from most to
least likely, in the form of \`sample_submission.csv\`.

\`starter.py\` and \`starter.ipynb\`, among the data, are complete entries: a small convolutional network in PyTorch that trains in a few seconds. Predictions
that you made elsewhere are accepted too.

**top1** is the share of images whose first digit is right, **top5** the share whose five digits hold the right one. The public leaderboard uses
about 40 % of the images; the private one, with the rest, is revealed once nobody can submit any more.

Data: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, CC BY 4.0.
`;

const baselines = [
  { name: 'Starter (script)', file: 'starter.py' },
  { name: 'Starter (notebook)', file: 'starter.ipynb' },
];

/**
 * Makes the demo competition whose entry is code, with its starters as baselines. It waits for none of them: the image that they run in may not be
 * built yet, and they run when it is. What is there already stays, so it may be cut off anywhere and called again.
 */
export async function seedDigitsTrain(baseUrl: string, { tokens }: DemoAccess): Promise<void> {
  const instructor = openClient(baseUrl, tokens.instructor);
  await ensureCompetition(instructor, competition());
  const data = ['train.csv', 'test.csv', 'sample_submission.csv'].map((name) => join(digits, name));
  const programs = baselines.map(({ file }) => join(starters, file));
  await instructor(`POST /competitions/${slug}/files`, await form(...data, ...programs));
  await instructor(`PUT /competitions/${slug}/answer-key`, await form(join(digits, 'solution.csv')));
  await instructor(`POST /competitions/${slug}/publish`);
  const there = new Set([...(await baselinesOf(instructor, slug)), ...(await unfinished(instructor))]);
  for (const { name, file } of baselines) {
    if (there.has(name)) continue;
    const call = `POST /competitions/${slug}/baselines?name=${encodeURIComponent(name)}`;
    await instructor(call, await form(join(starters, file)));
  }
}

function competition() {
  return {
    course: 'ds542',
    slug,
    title: 'Train a digit classifier',
    description,
    kind: 'project',
    metrics: ['top1', 'top5'],
    // The demo has few students.
    showSmallBoards: true,
    ...demoDates(),
    dailyLimit: 20,
    totalLimit: 200,
    accepts: ['code', 'notebook', 'predictions'],
    runSettings: { image: 'python', limits: { wallSeconds: 600, cpus: 1, memoryMiB: 2048 } },
  };
}

/** The teams and baselines with a submission that waits or runs, which no board shows. */
async function unfinished(instructor: Client): Promise<string[]> {
  const teams: string[] = [];
  for (const state of ['queued', 'running']) {
    const { body } = await instructor(`GET /competitions/${slug}/submissions?limit=200&state=${state}`);
    teams.push(...Submissions.parse(body).submissions.map(({ team }) => team));
  }
  return teams;
}

const Submissions = z.object({ submissions: z.array(Submission) });
