import type { AttachmentField } from '../../../core/contract/attachments.ts';
import type { Competition } from '../../../core/contract/competitions.ts';
import type { CountingRule, Part } from '../../../core/contract/counting.ts';
import type { LatePolicy } from '../../../core/contract/dates.ts';
import type { Phase } from '../../../core/contract/phases.ts';

/** What the settings page shows and changes, under the names that the API has for it. */
export interface Settings {
  readonly opensAt: string | null;
  readonly dueAt: string | null;
  readonly lateUntil: string | null;
  readonly graceMinutes: number;
  readonly latePolicy: LatePolicy;
  readonly revealAt: string | null;
  readonly dailyLimit: number | null;
  readonly totalLimit: number | null;
  readonly counts: CountingRule;
  readonly selectMax: number;
  readonly parts: readonly Part[];
  readonly attachments: readonly AttachmentField[];
  readonly showSmallBoards: boolean;
  readonly maxTeamSize: number;
  readonly teamsLockAt: string | null;
}

export type Setting = keyof Settings;

/** In the order in which they stand in the page, as they are called there. */
export const settingTitles: Readonly<Record<Setting, string>> = {
  opensAt: 'Opens',
  dueAt: 'Due',
  lateUntil: 'Late until',
  graceMinutes: 'Grace',
  revealAt: 'Private board revealed',
  latePolicy: 'Being late costs',
  dailyLimit: 'Submissions a day',
  totalLimit: 'Submissions in total',
  counts: 'What counts',
  selectMax: 'A team may select',
  parts: 'Parts',
  attachments: 'Handed in beside a submission',
  showSmallBoards: 'Boards of fewer than five teams',
  maxTeamSize: 'Students in a team',
  teamsLockAt: 'Teams locked',
};

export const settingNames = Object.keys(settingTitles).filter((name): name is Setting => name in settingTitles);

export function settingsOf(competition: Competition, phase: Phase): Settings {
  const { showSmallBoards, maxTeamSize, teamsLockAt } = competition;
  const { opensAt, dueAt, lateUntil, graceMinutes, latePolicy, revealAt, dailyLimit, totalLimit } = phase;
  const { counts, selectMax, parts, attachments } = phase;
  return {
    opensAt,
    dueAt,
    lateUntil,
    graceMinutes,
    latePolicy,
    revealAt,
    dailyLimit,
    totalLimit,
    counts,
    selectMax,
    parts,
    attachments,
    showSmallBoards,
    maxTeamSize,
    teamsLockAt,
  };
}

/** Which of them are others. Dates that are the same instant are the same, however they are written. */
export function changedSettings(before: Settings, after: Settings): Setting[] {
  return settingNames.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
