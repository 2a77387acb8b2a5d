import type { AttachmentField } from '../../../core/contract/attachments.ts';
import { editCompetition } from '../../../core/contract/competitions.ts';
import type { CountingRule } from '../../../core/contract/counting.ts';
import { outOfOrder } from '../../../core/contract/date-order.ts';
import type { LatePolicy } from '../../../core/contract/dates.ts';
import { instantOf, localOf } from '../dates/zoned.ts';
import { slugOf } from '../format/slug.ts';
import { numberOf } from '../grades/points.ts';
import { changedSettings, type Settings } from './settings.ts';

/** What being late costs, as it is chosen: `percent` by the hour and by the day are two choices. */
export const lateKinds = ['none', 'hour', 'day', 'bank'] as const;
export type LateKind = (typeof lateKinds)[number];

export interface AttachmentDraft {
  readonly id: string;
  readonly title: string;
  readonly kind: AttachmentField['kind'];
  readonly required: boolean;
  /** `.pdf, .ipynb` */
  readonly endings: string;
}

/** The settings while they are typed: numbers are still text, and dates what a field in the course's zone holds. */
export interface SettingsDraft {
  readonly opensAt: string;
  readonly dueAt: string;
  readonly lateUntil: string;
  readonly graceMinutes: string;
  readonly revealAt: string;
  readonly lateKind: LateKind;
  readonly percent: string;
  readonly cap: string;
  readonly percentPerDayBeyond: string;
  readonly dailyLimit: string;
  readonly totalLimit: string;
  readonly counts: CountingRule;
  readonly selectMax: string;
  readonly parts: readonly { readonly slug: string; readonly title: string }[];
  readonly attachments: readonly AttachmentDraft[];
  readonly showSmallBoards: boolean;
  readonly maxTeamSize: string;
  readonly teamsLockAt: string;
}

/** What is wrong, by the field that has to change: `dueAt`, `latePolicy.percent`, `parts.0.title`. */
export type FieldErrors = ReadonlyMap<string, string>;

export function draftOf(settings: Settings, timeZone: string): SettingsDraft {
  const { latePolicy, parts, attachments, counts, showSmallBoards } = settings;
  const local = (instant: string | null) => (instant === null ? '' : localOf(instant, timeZone));
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));
  return {
    opensAt: local(settings.opensAt),
    dueAt: local(settings.dueAt),
    lateUntil: local(settings.lateUntil),
    revealAt: local(settings.revealAt),
    graceMinutes: text(settings.graceMinutes),
    lateKind: latePolicy.kind === 'percent' ? latePolicy.per : latePolicy.kind,
    percent: text(latePolicy.kind === 'percent' ? latePolicy.percent : 1),
    cap: text(latePolicy.kind === 'percent' ? latePolicy.cap : undefined),
    percentPerDayBeyond: text(latePolicy.kind === 'bank' ? latePolicy.percentPerDayBeyond : undefined),
    dailyLimit: text(settings.dailyLimit),
    totalLimit: text(settings.totalLimit),
    selectMax: text(settings.selectMax),
    attachments: attachments.map(({ endings, ...field }) => ({ ...field, endings: endings.join(', ') })),
    parts,
    counts,
    showSmallBoards,
    maxTeamSize: text(settings.maxTeamSize),
    teamsLockAt: local(settings.teamsLockAt),
  };
}

/** What a draft would set, with what is wrong with it; the server judges it again. A date that is left alone keeps its milliseconds. */
export function settingsFrom(
  draft: SettingsDraft,
  before: Settings,
  timeZone: string,
): { settings: Settings; errors: FieldErrors } {
  const errors = new Map<string, string>();
  const untouched = draftOf(before, timeZone);
  const date = (name: 'opensAt' | 'dueAt' | 'lateUntil' | 'revealAt' | 'teamsLockAt') => {
    if (draft[name] === untouched[name]) return before[name];
    const instant = instantOf(draft[name], timeZone);
    if (instant === undefined && draft[name] !== '') errors.set(name, 'is no time');
    return instant ?? null;
  };
  const number = (path: string, text: string) => {
    const value = numberOf(text);
    if (value === undefined) errors.set(path, 'must be a number');
    return value ?? 0;
  };
  const limit = (name: 'dailyLimit' | 'totalLimit') => (draft[name].trim() === '' ? null : number(name, draft[name]));
  const settings: Settings = {
    opensAt: date('opensAt'),
    dueAt: date('dueAt'),
    lateUntil: date('lateUntil'),
    graceMinutes: number('graceMinutes', draft.graceMinutes),
    revealAt: date('revealAt'),
    latePolicy: latePolicyFrom(draft, number),
    dailyLimit: limit('dailyLimit'),
    totalLimit: limit('totalLimit'),
    counts: draft.counts,
    selectMax: draft.counts === 'selected' ? number('selectMax', draft.selectMax) : before.selectMax,
    parts: draft.parts.map(({ slug, title }) => ({ slug: slug || slugOf(title), title: title.trim() })),
    attachments: draft.attachments.map(attachmentFrom),
    showSmallBoards: draft.showSmallBoards,
    maxTeamSize: number('maxTeamSize', draft.maxTeamSize),
    teamsLockAt: date('teamsLockAt'),
  };
  for (const [path, message] of problemsOf(before, settings)) if (!errors.has(path)) errors.set(path, message);
  return { settings, errors };
}

function latePolicyFrom(draft: SettingsDraft, number: (path: string, text: string) => number): LatePolicy {
  const { lateKind, percent, cap, percentPerDayBeyond: beyond } = draft;
  switch (lateKind) {
    case 'none':
      return { kind: 'none' };
    case 'bank':
      return {
        kind: 'bank',
        ...(beyond.trim() !== '' && { percentPerDayBeyond: number('latePolicy.percentPerDayBeyond', beyond) }),
      };
    case 'hour':
    case 'day':
      return {
        kind: 'percent',
        percent: number('latePolicy.percent', percent),
        per: lateKind,
        ...(cap.trim() !== '' && { cap: number('latePolicy.cap', cap) }),
      };
  }
}

function attachmentFrom({ id, title, kind, required, endings }: AttachmentDraft): AttachmentField {
  const named = endings
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((ending) => ending !== '')
    .map((ending) => (ending.startsWith('.') ? ending : `.${ending}`));
  return {
    id: id || slugOf(title),
    title: title.trim(),
    kind,
    required,
    endings: kind === 'file' ? [...new Set(named)] : [],
  };
}

/** What the contract says about what would be sent. */
function problemsOf(before: Settings, after: Settings): [string, string][] {
  const parsed = editCompetition.schema.body.safeParse(editOf(before, after));
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  const dates = outOfOrder({
    opensAt: instant(after.opensAt),
    dueAt: instant(after.dueAt),
    lateUntil: instant(after.lateUntil),
    revealAt: instant(after.revealAt),
  });
  return [
    ...(parsed.error?.issues ?? []).map(({ path, message }): [string, string] => [
      fieldOf(path.join('.')),
      inWords(message),
    ]),
    ...dates.map(({ path = '', message }): [string, string] => [path, inWords(message)]),
  ];
}

/** Of a request, what changes. */
export function editOf(before: Settings, after: Settings): Partial<Settings> {
  return Object.fromEntries(changedSettings(before, after).map((name) => [name, after[name]]));
}

/** The field that a path of the server's or of the contract's is about: what is made of a title is the title's to change. */
export function fieldOf(path: string): string {
  return path
    .replace(/^body\./, '')
    .replace(/\.(slug|id)$/, '.title')
    .replace(/\.endings\..*$/, '.endings');
}

const dateNames: Readonly<Record<string, string>> = {
  opensAt: 'the opening',
  dueAt: 'the due time',
  lateUntil: 'the time until which late submissions are taken',
};

/** A message of the server's in the words of the page. */
export function inWords(message: string): string {
  return message.replaceAll(/\b(opensAt|dueAt|lateUntil)\b/g, (name) => dateNames[name] ?? name);
}
