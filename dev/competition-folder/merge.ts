import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { FolderState, FolderView } from '../../core/contract/competition-folder.ts';
import { covers, isRecord } from '../../core/competition-folder/covers.ts';
import { baseName } from '../../core/competition-folder/plan.ts';
import { parseCompetition } from '../../core/competition-folder/parse.ts';
import type { CompetitionFile } from '../../core/competition-folder/schema.ts';
import type { FilePlaces } from './places.ts';
import type { Edit, Path } from './yaml-edit.ts';

type Phase = FolderState['phases'][number];

/**
 * What has to be changed in the `competition.yaml` that was pushed for it to say what the server has now. What it does not say is added only where it has
 * changed since the push.
 * @param places where files lie in the folder; those that the text names are put there
 */
export function editsSince(source: string, view: FolderView, places: FilePlaces): Edit[] {
  const { file } = parseCompetition(source);
  if (file === undefined)
    throw new Error('the competition.yaml that was pushed is not one that this version understands');
  const raw: unknown = parseDocument(source).toJS({ maxAliasCount: 100 });
  const given = isRecord(raw) ? raw : {};
  const { now, pushed } = view;
  const edits: Edit[] = [];
  const top = { course: view.course, slug: view.slug, ...now.settings };
  edits.push(...recordEdits([], given, { ...pushed?.settings }, top));
  if (now.published && pushed?.published !== true && !file.published)
    edits.push({ kind: 'set', path: ['published'], value: true });
  edits.push(...descriptionEdits(file, view, places));
  edits.push(...metricEdits(file, view, places));
  for (const phase of now.phases) edits.push(...phaseEdits(file, given, phase, pushed, places));
  edits.push(...dataEdits(file, now, pushed, places), ...baselineEdits(file, now, pushed, places));
  return edits;
}

function descriptionEdits(file: CompetitionFile, { now, pushed }: FolderView, places: FilePlaces): Edit[] {
  if (file.description === undefined && (now.description === '' || pushed?.description === now.description)) return [];
  const path = places.putText(file.description ?? 'overview.md', now.description);
  return path === file.description ? [] : [{ kind: 'set', path: ['description'], value: path }];
}

function metricEdits(file: CompetitionFile, { now, pushed }: FolderView, places: FilePlaces): Edit[] {
  const metric = now.customMetric;
  const given = file.customMetric;
  if (metric === null) return given === undefined ? [] : [{ kind: 'delete', path: ['customMetric'] }];
  if (given === undefined && isDeepStrictEqual(pushed?.customMetric, metric)) return [];
  const isSame = given !== undefined && baseName(given.file) === metric.fileName;
  const path = places.put(isSame ? given.file : metric.fileName, metric.sha256);
  if (given === undefined)
    return [{ kind: 'set', path: ['customMetric'], value: { file: path, higherIsBetter: metric.higherIsBetter } }];
  return [
    ...(path === given.file ? [] : [{ kind: 'set' as const, path: ['customMetric', 'file'], value: path }]),
    ...(given.higherIsBetter === metric.higherIsBetter
      ? []
      : [{ kind: 'set' as const, path: ['customMetric', 'higherIsBetter'], value: metric.higherIsBetter }]),
  ];
}

function phaseEdits(
  file: CompetitionFile,
  given: Readonly<Record<string, unknown>>,
  now: Phase,
  pushed: FolderState | null,
  places: FilePlaces,
): Edit[] {
  const index = file.phases.findIndex(({ slug }) => slug === now.slug);
  const before = pushed?.phases.find(({ slug }) => slug === now.slug);
  const keyName = now.slug === 'main' ? 'solution.csv' : `solution-${now.slug}.csv`;
  if (index === -1) {
    const answerKey = now.answerKey === null ? {} : { answerKey: places.put(keyName, now.answerKey) };
    const gradeScheme = now.gradeScheme === null ? {} : { gradeScheme: now.gradeScheme };
    const value = { slug: now.slug, title: now.title, ...now.settings, ...answerKey, ...gradeScheme };
    return [{ kind: 'append', path: ['phases'], value: withoutEmpty(value) }];
  }
  const path = ['phases', index];
  const list = given['phases'];
  const own: unknown = Array.isArray(list) ? list[index] : undefined;
  const ours = isRecord(own) ? own : {};
  const title = index === 0 ? {} : { title: now.title };
  const scheme = now.gradeScheme === null ? {} : { gradeScheme: now.gradeScheme };
  const schemeBefore = before?.gradeScheme ? { gradeScheme: before.gradeScheme } : {};
  const edits = recordEdits(
    path,
    ours,
    { ...before?.settings, title: before?.title, ...schemeBefore },
    { ...now.settings, ...title, ...scheme },
  );
  const key = file.phases[index]?.answerKey;
  if (now.answerKey === null || (key === undefined && before?.answerKey === now.answerKey)) return edits;
  const keyPath = places.put(key ?? keyName, now.answerKey);
  return keyPath === key ? edits : [...edits, { kind: 'set', path: [...path, 'answerKey'], value: keyPath }];
}

function dataEdits(file: CompetitionFile, now: FolderState, pushed: FolderState | null, places: FilePlaces): Edit[] {
  const edits: Edit[] = [];
  const gone: Edit[] = [];
  for (const [index, entry] of file.data.entries()) {
    const path = ['data', index];
    const there = now.data.find(({ name }) => name === baseName(entry.file));
    if (there === undefined) {
      gone.unshift({ kind: 'delete', path });
      continue;
    }
    const placed = places.put(entry.file, there.sha256);
    if (placed !== entry.file) edits.push({ kind: 'set', path: [...path, 'file'], value: placed });
    if (there.hidden !== entry.hidden) edits.push({ kind: 'set', path: [...path, 'hidden'], value: there.hidden });
    if (there.phase !== entry.phase)
      edits.push(
        there.phase === undefined
          ? { kind: 'delete', path: [...path, 'phase'] }
          : { kind: 'set', path: [...path, 'phase'], value: there.phase },
      );
  }
  const folder = file.data[0] ? folderOf(file.data[0].file) : 'data/';
  for (const { name, sha256, hidden, phase } of now.data) {
    const isKnown = file.data.some((entry) => baseName(entry.file) === name);
    if (isKnown || pushed?.data.some((other) => other.name === name)) continue;
    const value = { file: places.put(`${folder}${name}`, sha256), ...(hidden && { hidden }), ...(phase && { phase }) };
    edits.push({ kind: 'append', path: ['data'], value });
  }
  // From the last one, so that the others keep their places.
  return [...edits, ...gone];
}

function baselineEdits(
  file: CompetitionFile,
  now: FolderState,
  pushed: FolderState | null,
  places: FilePlaces,
): Edit[] {
  type Line = Pick<FolderState['baselines'][number], 'name' | 'phase' | 'part'>;
  const isSame = (a: Line, b: Line) => a.name === b.name && a.phase === b.phase && a.part === b.part;
  const edits: Edit[] = [];
  const gone: Edit[] = [];
  for (const [index, entry] of file.baselines.entries()) {
    const there = now.baselines.find((other) => isSame(other, entry));
    if (there === undefined) gone.unshift({ kind: 'delete', path: ['baselines', index] });
    else {
      const placed = places.put(entry.file, there.sha256);
      if (placed !== entry.file) edits.push({ kind: 'set', path: ['baselines', index, 'file'], value: placed });
    }
  }
  for (const line of now.baselines) {
    if ([...file.baselines, ...(pushed?.baselines ?? [])].some((other) => isSame(other, line))) continue;
    const { name, phase, part, fileName, sha256 } = line;
    const path = places.put(`baselines/${fileName}`, sha256);
    const value = { name, file: path, ...(phase !== 'main' && { phase }), ...(part !== undefined && { part }) };
    edits.push({ kind: 'append', path: ['baselines'], value });
  }
  return [...edits, ...gone];
}

type Values = Readonly<Record<string, unknown>>;

/**
 * @param given what the text says
 * @param before what the server had after the push
 */
function recordEdits(path: Path, given: Values, before: Values, now: Values): Edit[] {
  return Object.entries(now).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const at = [...path, name];
    if (name in given) return valueEdits(at, given[name], before[name], value);
    return name === 'course' || name === 'slug' || isDeepStrictEqual(before[name], value)
      ? []
      : [{ kind: 'set' as const, path: at, value }];
  });
}

function valueEdits(path: Path, given: unknown, before: unknown, now: unknown): Edit[] {
  if (isRecord(given) && isRecord(now) && Object.keys(given).every((name) => name in now))
    return recordEdits(path, given, isRecord(before) ? before : now, now);
  if (Array.isArray(given) && Array.isArray(now) && now.every((part) => isRecord(part)) && given.length <= now.length) {
    const earlier: readonly unknown[] = Array.isArray(before) ? before : [];
    const kept = given.flatMap((part, i) => valueEdits([...path, i], part, earlier[i], now[i]));
    return [...kept, ...now.slice(given.length).map((value): Edit => ({ kind: 'append', path, value }))];
  }
  return covers(now, given) ? [] : [{ kind: 'set', path, value: now }];
}

/** Without what says nothing. */
export function withoutEmpty(value: Values): Values {
  const isEmpty = (part: unknown) => part === null || part === undefined || part === '' || isDeepStrictEqual(part, []);
  return Object.fromEntries(Object.entries(value).filter(([, part]) => !isEmpty(part)));
}

function folderOf(path: string): string {
  return path.slice(0, path.length - baseName(path).length);
}
