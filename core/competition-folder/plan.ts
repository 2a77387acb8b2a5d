import type { FolderChange, FolderState } from '../contract/competition-folder.ts';
import type { GradeScheme } from '../contract/grade-scheme.ts';
import { covers } from './covers.ts';
import type { CompetitionFile } from './schema.ts';

/** One request, as it were, of a push. Bodies are those of the API; files are paths of the folder. */
export type Step =
  | { readonly kind: 'create'; readonly body: Settings }
  | { readonly kind: 'edit'; readonly phase: string; readonly body: Settings }
  | { readonly kind: 'add-phase'; readonly body: Settings }
  | { readonly kind: 'metric'; readonly file: string; readonly higherIsBetter: boolean }
  | { readonly kind: 'data'; readonly file: string; readonly hidden: boolean; readonly phase: string }
  | { readonly kind: 'answer-key'; readonly file: string; readonly phase: string }
  | { readonly kind: 'scheme'; readonly phase: string; readonly version: number; readonly scheme: GradeScheme }
  | {
      readonly kind: 'baseline';
      readonly file: string;
      readonly name: string;
      readonly phase: string;
      readonly part?: string;
    }
  | { readonly kind: 'publish' };

type Settings = Readonly<Record<string, unknown>>;

/** What becomes of a part of the folder, and the step that makes it so; without one nothing is done. */
export interface Planned {
  readonly change: FolderChange;
  readonly step?: Step;
}

interface Folder {
  readonly file: CompetitionFile;
  /** The text of the description's file, where it names one. */
  readonly description: string | undefined;
  /** SHA-256 of each file that it names. */
  readonly hashes: ReadonlyMap<string, string>;
}

/**
 * What brings the server in line with a folder, in this order. What is the same already has no step, so that a second push does nothing and one that broke
 * off goes on; nothing is deleted.
 * @param there undefined: there is no such competition yet
 */
export function planPush(folder: Folder, there: FolderState | undefined): Planned[] {
  return [
    ...planSettings(folder, there),
    ...planData(folder, there),
    ...planKeys(folder, there),
    ...planBaselines(folder, there),
    ...planPublication(folder, there),
  ];
}

/** As a line: `phase main: changed description, dailyLimit` */
export function changeText({ what, how, detail }: FolderChange): string {
  if (detail === undefined) return `${what}: ${how}`;
  return how === 'stays' ? `${what}: ${detail}` : `${what}: ${how} ${detail}`;
}

/** What whoever pushes should hear of an answer to an upload, such as that data looks as if it held labels. */
export function noticesOf({
  notices = [],
  outdated = 0,
}: {
  notices?: readonly string[];
  outdated?: number;
}): string[] {
  if (outdated === 0) return [...notices];
  const count = outdated === 1 ? '1 submission was' : `${outdated.toLocaleString('en-US')} submissions were`;
  return [...notices, `${count} scored with an earlier answer key: POST …/rescore brings them up to date.`];
}

/** The last part of a path, under which students get the file. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The metric's file comes after the competition and before its settings: the metrics may name it. */
function planSettings({ file, description, hashes }: Folder, there: FolderState | undefined): Planned[] {
  const own = { ...settingsOfCompetition(file), ...(description !== undefined && { description }) };
  const planned: Planned[] = [];
  const [first] = file.phases;
  if (there === undefined && first !== undefined) {
    const body = { course: file.course, slug: file.slug, ...own, ...settingsOfPhase(first) };
    planned.push({ change: { what: file.slug, how: 'made' }, step: { kind: 'create', body } });
  }
  if (file.customMetric !== undefined) {
    const { file: path, higherIsBetter } = file.customMetric;
    const before = there?.customMetric;
    const same =
      before?.sha256 === hashes.get(path) &&
      before?.higherIsBetter === higherIsBetter &&
      before.fileName === baseName(path);
    planned.push(sent(path, same, { kind: 'metric', file: path, higherIsBetter }));
  }
  for (const [index, phase] of file.phases.entries()) {
    const known = there?.phases.find((other) => other.slug === phase.slug);
    const what = `phase ${phase.slug}`;
    if (known === undefined) {
      const body = { slug: phase.slug, title: phase.title, ...settingsOfPhase(phase) };
      if (index > 0) planned.push({ change: { what, how: 'made' }, step: { kind: 'add-phase', body } });
    } else {
      const before = { ...there?.settings, description: there?.description };
      const body = { ...(index === 0 && changed(own, before)), ...changed(settingsOfPhase(phase), known.settings) };
      planned.push(
        Object.keys(body).length === 0
          ? { change: { what, how: 'unchanged' } }
          : {
              change: { what, how: 'changed', detail: Object.keys(body).join(', ') },
              step: { kind: 'edit', phase: phase.slug, body },
            },
      );
      if (index > 0 && phase.title !== known.title) {
        const detail = `its title on the server is "${known.title}" and stays`;
        planned.push({ change: { what, how: 'stays', detail } });
      }
    }
    planned.push(...planScheme(phase, known));
  }
  return planned;
}

function planScheme({ slug, gradeScheme: scheme }: Phase, known: FolderState['phases'][number] | undefined): Planned[] {
  if (scheme === undefined) return [];
  const what = `grade scheme of phase ${slug}`;
  if (known?.gradeScheme && covers(known.gradeScheme, scheme)) return [{ change: { what, how: 'unchanged' } }];
  const step: Step = { kind: 'scheme', phase: slug, version: known?.gradeSchemeVersion ?? 0, scheme };
  return [{ change: { what, how: known?.gradeScheme ? 'changed' : 'made' }, step }];
}

function planData({ file, hashes }: Folder, there: FolderState | undefined): Planned[] {
  const planned = file.data.map(({ file: path, hidden, phase }): Planned => {
    const known = there?.data.find(({ name }) => name === baseName(path));
    const same = known?.hidden === hidden && known.phase === phase && known.sha256 === hashes.get(path);
    return sent(path, same, { kind: 'data', file: path, hidden, phase: phase ?? 'all' });
  });
  const left = there?.data.filter(({ name }) => !file.data.some((entry) => baseName(entry.file) === name)) ?? [];
  const detail = 'is on the server and not in the folder; it stays there';
  return [...planned, ...left.map(({ name }): Planned => ({ change: { what: name, how: 'stays', detail } }))];
}

function planKeys({ file, hashes }: Folder, there: FolderState | undefined): Planned[] {
  return file.phases.flatMap(({ slug, answerKey }) => {
    if (answerKey === undefined) return [];
    const known = there?.phases.find((phase) => phase.slug === slug)?.answerKey;
    return [sent(answerKey, known === hashes.get(answerKey), { kind: 'answer-key', file: answerKey, phase: slug })];
  });
}

function planBaselines({ file, hashes }: Folder, there: FolderState | undefined): Planned[] {
  return file.baselines.map(({ name, file: path, phase, part }) => {
    const known = there?.baselines.find((other) => other.name === name && other.phase === phase && other.part === part);
    const step = { kind: 'baseline' as const, file: path, name, phase, ...(part !== undefined && { part }) };
    return sent(path, known !== undefined && known.sha256 === hashes.get(path), step);
  });
}

function planPublication({ file }: Folder, there: FolderState | undefined): Planned[] {
  if (!file.published || there?.published === true) return [];
  return [{ change: { what: file.slug, how: 'published' }, step: { kind: 'publish' } }];
}

function sent(what: string, same: boolean, step: Step): Planned {
  return same ? { change: { what, how: 'unchanged' } } : { change: { what, how: 'sent' }, step };
}

type Phase = CompetitionFile['phases'][number];

/** All that is no file, no list of its own, and not where the competition is found. */
function settingsOfCompetition({
  $schema: _schema,
  course: _course,
  slug: _slug,
  description: _description,
  customMetric: _metric,
  published: _published,
  phases: _phases,
  data: _data,
  baselines: _baselines,
  ...settings
}: CompetitionFile): Settings {
  return settings;
}

function settingsOfPhase({ slug: _slug, title: _title, answerKey: _key, gradeScheme: _scheme, ...settings }: Phase) {
  return settings;
}

/** What of the given settings the server has otherwise. */
function changed(given: Settings, there: Settings): Settings {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && !covers(there[name], value)),
  );
}
