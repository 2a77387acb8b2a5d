import type { AttachmentField } from '../../../core/contract/attachments.ts';
import type { CountingRule } from '../../../core/contract/counting.ts';
import { latePolicyText } from '../dates/late-policy-text.ts';
import { formatCount } from '../format/number.ts';
import { formatInstant } from '../format/time.ts';
import { changedSettings, type Setting, settingTitles, type Settings } from './settings.ts';

/** One setting that would be another one, in words. */
export interface Change {
  readonly setting: Setting;
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

export const countingTitles: Readonly<Record<CountingRule, string>> = {
  best: 'the best submission',
  last: 'the last submission',
  selected: 'those that the team selects',
};

/** What would change, in the order of the page. */
export function changesBetween(before: Settings, after: Settings, timeZone: string): Change[] {
  return changedSettings(before, after).map((setting) => ({
    setting,
    title: settingTitles[setting],
    before: wordsFor(setting, before, timeZone),
    after: wordsFor(setting, after, timeZone),
  }));
}

function wordsFor(setting: Setting, settings: Settings, timeZone: string): string {
  const date = (instant: string | null, none: string) => (instant === null ? none : formatInstant(instant, timeZone));
  const { parts, attachments, latePolicy, dailyLimit, totalLimit } = settings;
  switch (setting) {
    case 'opensAt':
      return date(settings.opensAt, 'once it is published');
    case 'dueAt':
      return date(settings.dueAt, 'no due time');
    case 'lateUntil':
      return date(settings.lateUntil, 'nothing is taken late');
    case 'revealAt':
      return date(settings.revealAt, 'once nobody can submit any more');
    case 'graceMinutes':
      return formatCount(settings.graceMinutes, 'minute');
    case 'latePolicy':
      return lateWords(latePolicy);
    case 'dailyLimit':
      return dailyLimit === null ? 'no limit' : dailyLimit.toLocaleString('en-US');
    case 'totalLimit':
      return totalLimit === null ? 'no limit' : totalLimit.toLocaleString('en-US');
    case 'counts':
      return countingTitles[settings.counts];
    case 'selectMax':
      return formatCount(settings.selectMax, 'submission');
    case 'parts':
      return parts.length === 0 ? 'none' : parts.map(({ title }) => title).join('\n');
    case 'attachments':
      return attachments.length === 0 ? 'nothing' : attachments.map(attachmentWords).join('\n');
    case 'showSmallBoards':
      return settings.showSmallBoards ? 'shown to students' : 'hidden from students';
    case 'maxTeamSize':
      return settings.maxTeamSize === 1 ? 'everybody is alone' : `up to ${settings.maxTeamSize}`;
    case 'teamsLockAt':
      return date(settings.teamsLockAt, 'at the first due time');
  }
}

function lateWords(policy: Settings['latePolicy']): string {
  if (policy.kind !== 'bank') return latePolicyText(policy) ?? 'nothing';
  return `late days of the course; −${policy.percentPerDayBeyond ?? 100} % per started day beyond them`;
}

function attachmentWords({ title, kind, required, endings }: AttachmentField): string {
  const what = kind === 'text' ? 'a text' : endings.length === 0 ? 'a file' : `a file (${endings.join(', ')})`;
  return `${title}: ${what}, ${required ? 'required' : 'not required'}`;
}
