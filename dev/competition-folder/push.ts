import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CompetitionFile } from '../../core/competition-folder/schema.ts';
import { Competition } from '../../core/contract/competitions.ts';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { Submission } from '../../core/contract/submissions.ts';
import type { Remote } from './remote.ts';

/**
 * Brings the server in line with a folder. What is the same already is not sent, so doing it again sends nothing, and after a failure it goes on where it was.
 * @param say is told of each part what became of it
 */
export async function push(
  folder: string,
  file: CompetitionFile,
  remote: Remote,
  say: (line: string) => void,
): Promise<void> {
  const description =
    file.description === undefined ? undefined : await readFile(join(folder, file.description), 'utf8');
  const url = `/competitions/${file.slug}`;
  const before = await remote.find(url, Competition);
  if (before !== undefined && before.course !== file.course)
    throw new Error(`${file.slug} is a competition of the course ${before.course}, not of ${file.course}`);
  await pushSettings(file, description, before, remote, say);
  const { phases, files, publishedAt } = await remote.get(url, Competition);

  for (const entry of file.data) {
    const [name, path] = [basename(entry.file), join(folder, entry.file)];
    const there = files.find((other) => other.name === name);
    const same = there?.hidden === (entry.hidden || undefined) && there?.phase === entry.phase;
    if (same && there?.sha256 === (await hashOf(path))) {
      say(`${entry.file}: unchanged`);
      continue;
    }
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
  const { title, kind, metrics, classes, maxFileBytes, slug, course } = file;
  const own = { title, kind, metrics, classes, maxFileBytes, description };
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
    const changes = { ...(index === 0 && changed(own, before)), ...changed(settingsOf(phase), there) };
    const names = Object.keys(changes);
    if (names.length > 0) await remote.send('PATCH', `/competitions/${slug}?phase=${phase.slug}`, changes);
    say(`phase ${phase.slug}: ${names.length === 0 ? 'unchanged' : `changed ${names.join(', ')}`}`);
  }
}

function settingsOf({ slug: _slug, title: _title, answerKey: _answerKey, ...settings }: Phase) {
  return settings;
}

/** What of the given settings the server has otherwise. What it does not tell is sent each time. */
function changed(given: Readonly<Record<string, unknown>>, there: object | undefined): Record<string, unknown> {
  const known = new Map<string, unknown>(Object.entries(there ?? {}));
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && !covers(known.get(name), value)),
  );
}

/** Whether all that is given is so on the server, which may say more: defaults of what was left out. Times are compared as such. */
export function covers(there: unknown, given: unknown): boolean {
  if (Array.isArray(given))
    return Array.isArray(there) && there.length === given.length && given.every((part, i) => covers(there[i], part));
  if (given !== null && typeof given === 'object') {
    if (there === null || typeof there !== 'object') return false;
    const known = new Map<string, unknown>(Object.entries(there));
    return Object.entries(given).every(([name, part]) => covers(known.get(name), part));
  }
  if (typeof given === 'string' && typeof there === 'string' && /^\d{4}-\d\d-\d\dT/.test(given))
    return Date.parse(given) === Date.parse(there);
  return given === there;
}

/** Of the file that stands on the board under a baseline's name; undefined: none does yet. */
async function baselineHash(remote: Remote, url: string, phase: string, name: string): Promise<string | undefined> {
  const { rows } = await remote.get(`${url}/leaderboard?board=public&limit=2000&phase=${phase}`, Leaderboard);
  const id = rows.find((row) => row.baseline && row.name === name)?.submissionId;
  return id === undefined ? undefined : (await remote.get(`/submissions/${id}`, Submission)).file.sha256;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
