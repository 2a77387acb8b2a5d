import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'yaml';
import { getCompetitionFolder, type FolderState, type FolderView } from '../../core/contract/competition-folder.ts';
import { fileName, FolderErrors, parseCompetition } from '../../core/competition-folder/parse.ts';
import { editsSince } from './merge.ts';
import { createPlaces, type FilePlaces } from './places.ts';
import { hashOf } from './read.ts';
import type { Remote } from './remote.ts';
import { inZone } from './shift.ts';
import { editYaml } from './yaml-edit.ts';

interface Pulling {
  readonly slug: string;
  /** Made where it is not there. */
  readonly folder: string;
  /** Whether files that are there with another content are replaced. */
  readonly overwrite: boolean;
}

/**
 * Makes a folder of a competition: what it was pushed from, to the byte, with what has changed on the server since. Files that are the same are left alone.
 * @param say is told of each file what became of it
 */
export async function pull(
  { slug, folder, overwrite }: Pulling,
  remote: Remote,
  say: (line: string) => void,
): Promise<void> {
  const url = `/competitions/${slug}/folder`;
  const view = withTimesInZone(await remote.get(url, getCompetitionFolder.schema.response[200]));
  const places = createPlaces();
  const text = textOf(view, places);
  const { errors } = parseCompetition(text);
  if (errors.length > 0) throw new FolderErrors(errors);
  const wanted = [...places.files, [fileName, { text }] as const];
  const states = new Map<string, 'missing' | 'same' | 'other'>();
  for (const [path, content] of wanted) states.set(path, await stateOf(join(folder, path), content));
  const clashes = [...states].flatMap(([path, state]) => (state === 'other' ? [path] : []));
  if (clashes.length > 0 && !overwrite)
    throw new Error(`${clashes.join(', ')}: there with another content in ${folder}. Give --overwrite to replace it.`);
  for (const [path, content] of wanted) {
    if (states.get(path) === 'same') say(`${path}: unchanged`);
    else if ('text' in content) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content.text);
      say(`${path}: written`);
    } else {
      const got = await fetchFile(`${url}/${content.sha256}`, join(folder, path), content.sha256, remote);
      say(`${path}: ${got ? 'written' : 'left out: for instructors only'}`);
    }
  }
}

function textOf(view: FolderView, places: FilePlaces): string {
  if (view.source !== null) return editYaml(view.source, editsSince(view.source, view, places));
  const { course, slug, now } = view;
  const source = stringify({
    course,
    slug,
    title: now.settings.title,
    metrics: now.settings.metrics,
    phases: [{ slug: 'main' }],
  });
  return editYaml(source, editsSince(source, { ...view, pushed: blank }, places));
}

/** What a competition has of which nothing was said. */
const blank: FolderState = {
  settings: { title: '', metrics: [], classes: [], showSmallBoards: false, maxTeamSize: 1, teamsLockAt: null },
  description: '',
  published: false,
  customMetric: null,
  phases: [
    {
      slug: 'main',
      title: '',
      settings: {
        opensAt: null,
        dueAt: null,
        lateUntil: null,
        graceMinutes: 0,
        latePolicy: { kind: 'none' },
        revealAt: null,
        dailyLimit: null,
        totalLimit: null,
        counts: 'best',
        selectMax: 2,
        parts: [],
        attachments: [],
        accepts: ['predictions'],
      },
      answerKey: null,
      gradeScheme: null,
      gradeSchemeVersion: 0,
    },
  ],
  data: [],
  baselines: [],
};

/** Times as the course's clocks show them. */
function withTimesInZone(view: FolderView): FolderView {
  const shown = <T extends object>(settings: T): T => {
    const times = Object.entries(settings).flatMap(([name, at]) =>
      /(At|Until)$/.test(name) && typeof at === 'string'
        ? [[name, inZone(Date.parse(at), view.timeZone)] as const]
        : [],
    );
    return { ...settings, ...Object.fromEntries(times) };
  };
  const state = (from: FolderState): FolderState => ({
    ...from,
    settings: shown(from.settings),
    phases: from.phases.map((phase) => ({ ...phase, settings: shown(phase.settings) })),
  });
  return { ...view, pushed: view.pushed && state(view.pushed), now: state(view.now) };
}

type Content = { readonly sha256: string } | { readonly text: string };

async function stateOf(path: string, content: Content): Promise<'missing' | 'same' | 'other'> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'missing';
  if (!found.isFile()) throw new Error(`${path} is no file`);
  const isSame =
    'text' in content
      ? (await readFile(path)).equals(Buffer.from(content.text))
      : (await hashOf(path)) === content.sha256;
  return isSame ? 'same' : 'other';
}

/** Beside it first: what is cut off never takes a file's place. @returns false where I may not see it */
async function fetchFile(url: string, path: string, sha256: string, remote: Remote): Promise<boolean> {
  const body = await remote.download(url);
  if (body === undefined) return false;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.part`;
  try {
    await pipeline(Readable.from(body), createWriteStream(draft));
    if ((await hashOf(draft)) !== sha256) throw new Error(`${path} came with another content than the server said`);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return true;
}
