import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Submission, terminalStates } from '../../core/contract/submissions.ts';
import type { DemoAccess } from '../seed.ts';
import { push } from '../../dev/competition-folder/push.ts';
import { readFolder, type Folder } from '../../dev/competition-folder/read.ts';
import { openRemote } from '../../dev/competition-folder/remote.ts';
import { form, openClient, type Client } from './client.ts';
import { baselinesOf, demoDates, keepOpen } from './competition.ts';

const slug = 'digits';
const folder = join(import.meta.dirname, '../../examples/digits');

const submissions = [
  { file: 'decision_tree_depth4.csv', student: 1, note: 'decision tree, depth 4' },
  { file: 'logistic_regression.csv', student: 2, note: 'logistic regression' },
  { file: 'random_forest.csv', student: 3, note: 'random forest, 200 trees' },
];

/**
 * Makes the demo competition over the HTTP API of the folder that is also an example, with three real submissions, and waits until they are scored. What is
 * there already stays, so it may be cut off anywhere and called again.
 */
export async function seedDigits(baseUrl: string, { tokens }: DemoAccess): Promise<void> {
  const instructor = openClient(baseUrl, tokens.instructor);
  const { body: found } = await instructor(`GET /competitions/${slug}`, undefined, [404]);
  // It is published last: until then it is not whole.
  if (Published.safeParse(found).success) await keepOpen(instructor, slug);
  else await push(await datedFolder(), openRemote(baseUrl, tokens.instructor), () => undefined);

  const waiting: Submission[] = [];
  for (const { file, student, note } of submissions) {
    const send = openClient(baseUrl, tokens.students[student] ?? '');
    const { body } = await send(`POST /competitions/${slug}/submissions?note=${encodeURIComponent(note)}`, {
      ...(await form(join(folder, 'submissions', file))),
      headers: { 'idempotency-key': `demo-${file}` },
    });
    waiting.push(Submission.parse(body));
  }
  for (const submission of waiting) await untilFinished(instructor, submission);
  await untilOnBoard(instructor);
}

const Published = z.object({ publishedAt: z.string() });

async function datedFolder(): Promise<Folder> {
  const read = await readFolder(folder);
  const phases = read.file.phases.map((phase) => ({ ...phase, ...demoDates() }));
  return { ...read, file: { ...read.file, phases } };
}

/** The baseline, which was sent before all others. */
async function untilOnBoard(instructor: Client): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while ((await baselinesOf(instructor, slug)).length === 0) {
    if (performance.now() > deadlineMs)
      throw new Error('The demo’s baseline is not scored after a minute. Does the worker run?');
    await sleep(50);
  }
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
