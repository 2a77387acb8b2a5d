import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SchemeInForce } from '../../core/contract/grades.ts';
import { Submission, terminalStates } from '../../core/contract/submissions.ts';
import type { DemoAccess } from '../seed.ts';
import { form, json, openClient, type Client } from './client.ts';
import { baselinesOf, demoDates, ensureCompetition } from './competition.ts';

const slug = 'digits';
const data = join(import.meta.dirname, 'digits');

const description = `Recognise handwritten digits from 8 × 8 grey values.

\`train.csv\` has 1,000 labelled images, \`test.csv\` 797 without labels: an \`id\` and 64 values \`p0\` to \`p63\` from 0 to 16, row by row.

For each image of \`test.csv\` submit the digits from most to least likely, best first, in the form of \`sample_submission.csv\`:

| id | label_1 | label_2 | label_3 | label_4 | label_5 |
|---|---|---|---|---|---|
| digit_0949 | 0 | 1 | 2 | 3 | 4 |

**top1** is the share of images whose first digit is right, **top5** the share whose five digits hold the right one. The public leaderboard uses
about 40 % of the images; the private one, with the rest, is revealed at the deadline.

Data: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, CC BY 4.0.
`;

const submissions = [
  { file: 'decision_tree_depth4.csv', student: 1, note: 'decision tree, depth 4' },
  { file: 'logistic_regression.csv', student: 2, note: 'logistic regression' },
  { file: 'random_forest.csv', student: 3, note: 'random forest, 200 trees' },
];

/**
 * Makes the demo competition over the HTTP API, in the four calls that an instructor needs, with a baseline and three real submissions, and waits until they
 * are scored. What is there already stays, so it may be cut off anywhere and called again.
 */
export async function seedDigits(baseUrl: string, { tokens }: DemoAccess): Promise<void> {
  const instructor = openClient(baseUrl, tokens.instructor);
  await ensureCompetition(instructor, competition());
  await instructor(`POST /competitions/${slug}/files`, await files('train.csv', 'test.csv', 'sample_submission.csv'));
  await instructor(`PUT /competitions/${slug}/answer-key`, await files('solution.csv'));
  await instructor(`POST /competitions/${slug}/publish`);
  await ensureScheme(instructor);

  const waiting: Submission[] = [];
  if ((await baselinesOf(instructor, slug)).length === 0) {
    const { body } = await instructor(
      `POST /competitions/${slug}/baselines?name=Sample+submission`,
      await files('sample_submission.csv'),
    );
    waiting.push(Submission.parse(body));
  }
  for (const { file, student, note } of submissions) {
    const send = openClient(baseUrl, tokens.students[student] ?? '');
    const { body } = await send(`POST /competitions/${slug}/submissions?note=${encodeURIComponent(note)}`, {
      ...(await files(`submissions/${file}`)),
      headers: { 'idempotency-key': `demo-${file}` },
    });
    waiting.push(Submission.parse(body));
  }
  for (const submission of waiting) await untilFinished(instructor, submission);
}

function competition() {
  return {
    course: 'ds542',
    slug,
    title: 'Handwritten digits',
    description,
    kind: 'midterm',
    metrics: ['top1', 'top5'],
    // The demo has few students.
    showSmallBoards: true,
    ...demoDates(),
    dailyLimit: 20,
    totalLimit: 200,
  };
}

/** As DS 542 grades its midterm: 40 points for performance, 30 for the code, 30 for the report, and five more for the first ten. */
const scheme = {
  performance: {
    below: 10,
    anchors: [
      { name: 'benchmark', score: 0.6, points: 28 },
      { name: 'target', score: 0.95, points: 40 },
    ],
  },
  bonus: [{ top: 10, points: 5 }],
  rubric: [
    { id: 'code-quality', title: 'Code quality', points: 30 },
    { id: 'report', title: 'Report', points: 30, description: 'With the AI-use disclosure and the experiment log.' },
  ],
};

/** One that is there stays. */
async function ensureScheme(instructor: Client): Promise<void> {
  const call = `/competitions/${slug}/grade-scheme`;
  const { version } = SchemeInForce.parse((await instructor(`GET ${call}`)).body);
  if (version === 0) await instructor(`PUT ${call}`, json({ version, scheme }));
}

async function files(...names: readonly string[]): Promise<RequestInit> {
  return await form(...names.map((name) => join(data, name)));
}

async function untilFinished(instructor: Client, { id }: Submission): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  for (;;) {
    const { body } = await instructor(`GET /submissions/${id}`);
    const { state } = Submission.parse(body);
    if (terminalStates.includes(state)) return;
    if (performance.now() > deadlineMs)
      throw new Error(`The demo's submission ${id} is still ${state} after a minute. Does the worker run?`);
    await sleep(50);
  }
}
