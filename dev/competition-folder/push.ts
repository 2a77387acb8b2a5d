import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { getCompetitionFolder } from '../../core/contract/competition-folder.ts';
import { baseName, changeText, planPush, type Step } from '../../core/competition-folder/plan.ts';
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
    if (step !== undefined) await perform(folder, remote, step);
    say(changeText(change));
  }
  const isKept = there?.source === folder.source && isDeepStrictEqual(there.pushed, there.now);
  if (isKept && planned.every(({ step }) => step === undefined)) return;
  await remote.send('PUT', `${url}/folder`, { source: folder.source });
}

async function perform({ path, file: { slug } }: Folder, remote: Remote, step: Step): Promise<void> {
  const url = `/competitions/${slug}`;
  const blob = async (name: string) => await openAsBlob(join(path, name));
  switch (step.kind) {
    case 'create':
      await remote.send('POST', '/competitions', step.body);
      return;
    case 'edit':
      await remote.send('PATCH', `${url}?phase=${step.phase}`, step.body);
      return;
    case 'add-phase':
      await remote.send('POST', `${url}/phases`, step.body);
      return;
    case 'metric': {
      const query = { higherIsBetter: String(step.higherIsBetter), filename: baseName(step.file) };
      await remote.upload('PUT', `${url}/metric`, query, await blob(step.file));
      return;
    }
    case 'data': {
      const query = { filename: baseName(step.file), hidden: String(step.hidden), phase: step.phase };
      await remote.upload('POST', `${url}/files`, query, await blob(step.file));
      return;
    const query = { filename: name, hidden: String(entry.hidden), phase: entry.phase ?? 'all' };
    await remote.upload('POST', `${url}/files`, query, await openAsBlob(path));
    say(`${entry.file}: sent`);
  }
  for (const other of files.filter(({ name }) => !file.data.some((entry) => basename(entry.file) === name)))
    say(`${other.name}: is on the server and not in the folder; it stays there`);

  for (const { slug, answerKey } of file.phases) {
    if (answerKey === undefined) continue;
    const path = join(folder, answerKey);
    const same = phases.find((phase) => phase.slug === slug)?.answerKey?.version === (await hashOf(path));
    const query = { phase: slug, filename: basename(answerKey) };
    if (!same) await remote.upload('PUT', `${url}/answer-key`, query, await openAsBlob(path));
    say(`${answerKey}: ${same ? 'unchanged' : 'sent'}`);
  }

  for (const { name, file: predictions, phase } of file.baselines) {
    const path = join(folder, predictions);
    const same = (await baselineHash(remote, url, phase, name)) === (await hashOf(path));
    const query = { phase, name, filename: basename(predictions) };
    if (!same) await remote.upload('POST', `${url}/baselines`, query, await openAsBlob(path));
    say(`${predictions}: ${same ? 'unchanged' : 'sent'}`);
  }

  if (file.published && publishedAt === null) {
    await remote.send('POST', `${url}/publish`);
    say('published');
  }
}

type Phase = CompetitionFile['phases'][number];

async function pushSettings(
  file: CompetitionFile,
  description: string | undefined,
  before: Competition | undefined,
  remote: Remote,
  say: (line: string) => void,
): Promise<void> {
  const { title, kind, metrics, classes, maxFileBytes, maxTeamSize, teamsLockAt, slug, course } = file;
  const own = { title, kind, metrics, classes, maxFileBytes, maxTeamSize, teamsLockAt, description };
  const [first] = file.phases;
  if (before === undefined && first !== undefined) {
    await remote.send('POST', '/competitions', { course, slug, ...own, ...settingsOf(first) });
    say(`${slug}: made`);
  }
  for (const [index, phase] of file.phases.entries()) {
    if (before === undefined && index === 0) continue;
    const there = before?.phases.find((other) => other.slug === phase.slug);
    if (there === undefined) {
      const made = { slug: phase.slug, title: phase.title, ...settingsOf(phase) };
      await remote.send('POST', `/competitions/${slug}/phases`, made);
      say(`phase ${phase.slug}: made`);
      continue;
    }
    case 'answer-key': {
      const query = { phase: step.phase, filename: baseName(step.file) };
      await remote.upload('PUT', `${url}/answer-key`, query, await blob(step.file));
      return;
    }
    case 'scheme':
      await remote.send('PUT', `${url}/grade-scheme?phase=${step.phase}`, {
        version: step.version,
        scheme: step.scheme,
      });
      return;
    case 'baseline': {
      const { phase, name, part } = step;
      const query = { phase, name, filename: baseName(step.file), ...(part !== undefined && { part }) };
      await remote.upload('POST', `${url}/baselines`, query, await blob(step.file));
      return;
    }
    case 'publish':
      await remote.send('POST', `${url}/publish`);
  }
}
