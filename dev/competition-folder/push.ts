import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { getCompetitionFolder } from '../../core/contract/competition-folder.ts';
import { baseName, changeText, noticesOf, planPush, type Step } from '../../core/competition-folder/plan.ts';
import { hashFolder, type Folder } from './read.ts';
import type { Remote } from './remote.ts';

const FolderView = getCompetitionFolder.schema.response[200];

/**
 * Brings the server in line with a folder. What is the same already is not sent, so doing it again sends nothing, and after a failure it goes on where it was.
 * @param say is told of each part what became of it
 */
export async function push(folder: Folder, remote: Remote, say: (line: string) => void): Promise<void> {
  const { course, slug } = folder.file;
  const url = `/competitions/${slug}`;
  const there = await remote.find(`${url}/folder`, FolderView);
  if (there !== undefined && there.course !== course)
    throw new Error(`${slug} is a competition of the course ${there.course}, not of ${course}`);
  const planned = planPush({ ...folder, hashes: await hashFolder(folder) }, there?.now);
  for (const { change, step } of planned) {
    const answer = step === undefined ? undefined : await perform(folder, remote, step);
    say(changeText(change));
    for (const notice of noticesOf(Told.safeParse(answer).data ?? {})) say(`  ${notice}`);
  }
  const isKept = there?.source === folder.source && isDeepStrictEqual(there.pushed, there.now);
  if (isKept && planned.every(({ step }) => step === undefined)) return;
  await remote.send('PUT', `${url}/folder`, { source: folder.source });
}

const Told = z.object({ notices: z.array(z.string()).default([]), outdated: z.number().default(0) });

/** @returns the answer to an upload */
async function perform({ path, file: { slug } }: Folder, remote: Remote, step: Step): Promise<unknown> {
  const url = `/competitions/${slug}`;
  const blob = async (name: string) => await openAsBlob(join(path, name));
  switch (step.kind) {
    case 'create':
      await remote.send('POST', '/competitions', step.body);
      return undefined;
    case 'edit':
      await remote.send('PATCH', `${url}?phase=${step.phase}`, step.body);
      return undefined;
    case 'add-phase':
      await remote.send('POST', `${url}/phases`, step.body);
      return undefined;
    case 'metric': {
      const query = { higherIsBetter: String(step.higherIsBetter), filename: baseName(step.file) };
      return await remote.upload('PUT', `${url}/metric`, query, await blob(step.file));
    }
    case 'data': {
      const query = { filename: baseName(step.file), hidden: String(step.hidden), phase: step.phase };
      return await remote.upload('POST', `${url}/files`, query, await blob(step.file));
    }
    case 'answer-key': {
      const query = { phase: step.phase, filename: baseName(step.file) };
      return await remote.upload('PUT', `${url}/answer-key`, query, await blob(step.file));
    }
    case 'scheme':
      await remote.send('PUT', `${url}/grade-scheme?phase=${step.phase}`, {
        version: step.version,
        scheme: step.scheme,
      });
      return undefined;
    case 'baseline': {
      const { phase, name, part } = step;
      const query = { phase, name, filename: baseName(step.file), ...(part !== undefined && { part }) };
      return await remote.upload('POST', `${url}/baselines`, query, await blob(step.file));
    }
    case 'publish':
      await remote.send('POST', `${url}/publish`);
      return undefined;
  }
}
