import type { Setting, Settings } from './settings.ts';
import { changedSettings } from './settings.ts';

/** What of the phase matters for what a change does. */
export interface Standing {
  /** Whether students see private scores. */
  readonly revealed: boolean;
  readonly frozen: boolean;
  /** Students’ teams with a score. */
  readonly teams: number;
  /** Students whose grade was released. */
  readonly released: number;
  readonly nowMs: number;
}

/**
 * What a change does to what is over or there already: to lateness, grades, boards and what can't be taken back. It knows the class's dates; who has others
 * is told apart by the server alone.
 */
export function consequences(before: Settings, after: Settings, standing: Standing): string[] {
  const changed = new Set(changedSettings(before, after));
  return [
    ...ofDates(before, after, changed, standing),
    ...ofReveal(before, after, standing),
    ...ofCounting(before, after, changed, standing),
    ...ofGrades(changed, before, standing),
    ...ofTeams(before, after, standing),
    ...(after.showSmallBoards && !before.showSmallBoards
      ? ['On a board of fewer than five teams, students can tell whose score is whose.']
      : []),
  ];
}

function ofDates(
  before: Settings,
  after: Settings,
  changed: ReadonlySet<Setting>,
  { nowMs, teams }: Standing,
): string[] {
  const wasClosed = closesMs(before) < nowMs;
  const isClosed = closesMs(after) < nowMs;
  const wasLate = dueMs(before) < nowMs;
  const judges = (['dueAt', 'graceMinutes', 'latePolicy'] as const).filter((name) => changed.has(name));
  return [
    ...(wasLate && judges.length > 0 && teams > 0
      ? ['The due time is over. What was submitted is judged anew: what is late, and what that costs, changes.']
      : []),
    ...(wasClosed && !isClosed ? ['Submissions are taken again, from everybody.'] : []),
    ...(!wasClosed && isClosed ? ['It closes at once: nobody can submit any more, but who has an extension.'] : []),
    ...(!isClosed && !wasLate && dueMs(after) < nowMs
      ? ['The new due time is over already: all that comes from now on is late.']
      : []),
    ...(!wasLate && dueMs(after) < dueMs(before) && dueMs(after) >= nowMs
      ? ['Students have less time than they were told. Announce it.']
      : []),
    ...(opensMs(before) <= nowMs && opensMs(after) > nowMs
      ? ['It has opened already, and closes until the new opening: nobody can submit.']
      : []),
  ];
}

function ofReveal(before: Settings, after: Settings, { revealed, frozen, nowMs }: Standing): string[] {
  const opensAgain = Math.max(closesMs(after), revealMs(after)) > nowMs;
  if (revealed && opensAgain)
    return [
      'Students have seen the private board. It is hidden from them again, unless it was revealed by hand and nobody may submit; who knows a private score may act on it.',
      ...(frozen ? ['The final standing is frozen, and stays as it is until you freeze it anew.'] : []),
    ];
  const isDue = closesMs(after) < nowMs && revealMs(after) <= nowMs;
  const wasDue = closesMs(before) < nowMs && revealMs(before) <= nowMs;
  return !revealed && isDue && !wasDue
    ? ['Students see the private board at once, unless somebody may still submit. That can’t be taken back.']
    : [];
}

function ofCounting(before: Settings, after: Settings, changed: ReadonlySet<Setting>, standing: Standing): string[] {
  if (standing.teams === 0) return [];
  const known = new Set(after.parts.map(({ slug }) => slug));
  const gone = before.parts.filter(({ slug }) => !known.has(slug));
  const asked = new Set(before.attachments.filter(({ required }) => required).map(({ id }) => id));
  const newlyAsked = after.attachments.filter(({ id, required }) => required && !asked.has(id));
  const kept = new Set(after.attachments.map(({ id }) => id));
  const dropped = before.attachments.filter(({ id }) => !kept.has(id));
  return [
    ...(changed.has('counts') ? ['Ranks and scores on both boards change at once, for everybody.'] : []),
    ...(after.counts === 'selected' && after.selectMax < before.selectMax && before.counts === 'selected'
      ? ['Who has selected more than that keeps the selection until it is changed.']
      : []),
    ...(before.parts.length === 0 && after.parts.length > 0
      ? ['What was submitted so far is for no part, and counts in none of them.']
      : []),
    ...(gone.length > 0
      ? [`${listOf(gone)}: a part that has submissions can’t be taken away, and nothing is saved then.`]
      : []),
    ...(newlyAsked.length > 0
      ? [`${listOf(newlyAsked)}: every submission so far lacks it, and its team is told so.`]
      : []),
    ...(dropped.length > 0
      ? [`${listOf(dropped)}: what was handed in stays with its submission, but is asked for no more.`]
      : []),
    ...(lowered(before.dailyLimit, after.dailyLimit) || lowered(before.totalLimit, after.totalLimit)
      ? ['Teams that have sent more than the new limit can’t submit until it lets them.']
      : []),
  ];
}

function ofGrades(changed: ReadonlySet<Setting>, before: Settings, { released, nowMs }: Standing): string[] {
  const moving: readonly Setting[] = ['counts', 'graceMinutes', 'latePolicy', 'dueAt'];
  if (released === 0 || !moving.some((name) => changed.has(name))) return [];
  if (!changed.has('counts') && dueMs(before) >= nowMs) return [];
  return [
    `Grades are released to ${released.toLocaleString('en-US')}. They keep what they were told until you release the grades anew.`,
  ];
}

function ofTeams(before: Settings, after: Settings, { nowMs }: Standing): string[] {
  const wasLocked = msOf(before.teamsLockAt, never) <= nowMs;
  return [
    ...(after.maxTeamSize < before.maxTeamSize
      ? ['Teams that are larger already stay as they are, and take nobody in.']
      : []),
    ...(!wasLocked && msOf(after.teamsLockAt, never) <= nowMs
      ? ['Students can’t change their teams from now on.']
      : []),
  ];
}

function listOf(named: readonly { readonly title: string }[]): string {
  return named.map(({ title }) => `“${title}”`).join(', ');
}

function lowered(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}

const never = Number.POSITIVE_INFINITY;
const msOf = (instant: string | null, none: number) => (instant === null ? none : Date.parse(instant));

const opensMs = ({ opensAt }: Settings) => msOf(opensAt, -never);
const dueMs = ({ dueAt }: Settings) => msOf(dueAt, never);
const revealMs = ({ revealAt }: Settings) => msOf(revealAt, -never);

/** The last moment for the class, grace included. */
export function closesMs({ dueAt, lateUntil, graceMinutes }: Settings): number {
  return msOf(lateUntil ?? dueAt, never) + graceMinutes * 60_000;
}
