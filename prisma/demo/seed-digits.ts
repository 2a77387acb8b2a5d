import { openAsBlob } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../core/contract/problems.ts';
import { Submission, terminalStates } from '../../core/contract/submissions.ts';
import type { DemoAccess } from '../seed.ts';

const slug = 'digits';
const data = join(import.meta.dirname, 'digits');
const dayMs = 86_400_000;

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
  const api = `${baseUrl}/api/v1`;
  const instructor = client(api, tokens.instructor);
  const existing = await instructor(`GET /competitions/${slug}`, undefined, [404]);
  if (existing.status === 404) await instructor('POST /competitions', json(competition()));
  else await keepOpen(instructor, existing.body);
  await instructor(`POST /competitions/${slug}/files`, await form('train.csv', 'test.csv', 'sample_submission.csv'));
  await instructor(`PUT /competitions/${slug}/answer-key`, await form('solution.csv'));
  await instructor(`POST /competitions/${slug}/publish`);

  const waiting: Submission[] = [];
  if (!(await hasBaseline(instructor))) {
    const { body } = await instructor(
      `POST /competitions/${slug}/baselines?name=Sample+submission`,
      await form('sample_submission.csv'),
    );
    waiting.push(Submission.parse(body));
  }
  for (const { file, student, note } of submissions) {
    const send = client(api, tokens.students[student] ?? '');
    const { body } = await send(`POST /competitions/${slug}/submissions?note=${encodeURIComponent(note)}`, {
      ...(await form(`submissions/${file}`)),
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
    opensAt: new Date(Date.now() - dayMs).toISOString(),
    dueAt: nextDueDate(),
    dailyLimit: 20,
    totalLimit: 200,
  };
}

/** In two weeks at 23:59 in New York, give or take what daylight saving time does to 4:59 UTC. */
function nextDueDate(): string {
  const day = new Date(Date.now() + 14 * dayMs).toISOString().slice(0, 10);
  return `${day}T04:59:00.000Z`;
}

const Dated = z.object({ phases: z.array(z.object({ status: z.string() })) });

/** A demo that was set up weeks ago should still take submissions. */
async function keepOpen(instructor: Client, body: unknown): Promise<void> {
  if (Dated.parse(body).phases.every((phase) => phase.status === 'closed')) {
    await instructor(`PATCH /competitions/${slug}`, json({ dueAt: nextDueDate() }));
  }
}

async function hasBaseline(instructor: Client): Promise<boolean> {
  const { body } = await instructor(`GET /competitions/${slug}/leaderboard`);
  return z
    .object({ rows: z.array(z.object({ baseline: z.boolean() })) })
    .parse(body)
    .rows.some((row) => row.baseline);
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

type Client = (
  call: string,
  init?: RequestInit,
  tolerated?: readonly number[],
) => Promise<{ status: number; body: unknown }>;

function client(api: string, token: string): Client {
  return async (call, init = {}, tolerated = []) => {
    const [method = 'GET', path = ''] = call.split(' ');
    const response = await fetch(`${api}${path}`, {
      ...init,
      method,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
    const body: unknown = await response.json();
    if (response.ok || tolerated.includes(response.status)) return { status: response.status, body };
    const problem = Problem.safeParse(body);
    throw new Error(`${call}: ${response.status} ${problem.success ? problem.data.detail : ''}`);
  };
}

function json(value: unknown): RequestInit {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

async function form(...names: readonly string[]): Promise<RequestInit> {
  const body = new FormData();
  for (const name of names) body.append('file', await openAsBlob(join(data, name)), name.split('/').at(-1));
  return { body };
}
