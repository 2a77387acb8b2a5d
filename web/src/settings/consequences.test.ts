import { describe, expect, it } from 'vitest';
import type { AttachmentField } from '../../../core/contract/attachments.ts';
import { consequences, type Standing } from './consequences.ts';
import type { Settings } from './settings.ts';

const hourMs = 3_600_000;
const nowMs = Date.parse('2026-12-01T12:00:00.000Z');
const at = (hours: number) => new Date(nowMs + hours * hourMs).toISOString();

const open: Settings = {
  opensAt: at(-100),
  dueAt: at(24),
  lateUntil: null,
  graceMinutes: 0,
  revealAt: null,
  latePolicy: { kind: 'none' },
  dailyLimit: null,
  totalLimit: null,
  counts: 'best',
  selectMax: 2,
  parts: [],
  attachments: [],
  showSmallBoards: false,
  maxTeamSize: 2,
  teamsLockAt: null,
};
const closed: Settings = { ...open, dueAt: at(-24) };
const standing: Standing = { revealed: false, frozen: false, teams: 8, released: 0, nowMs };
const over: Standing = { ...standing, revealed: true, frozen: true, released: 40 };

const told = (before: Settings, change: Partial<Settings>, where: Partial<Standing> = standing) =>
  consequences(before, { ...before, ...change }, { ...standing, ...where }).join('\n');

describe('what a change of settings does to what is there', () => {
  it('is nothing where time is given before anything is due', () => {
    expect(told(open, { dueAt: at(48), dailyLimit: null })).toBe('');
  });

  it('is another lateness, and other grades, where the due time was over', () => {
    expect(told(closed, { dueAt: at(-48) })).toMatch(/judged anew/);
    expect(told(closed, { latePolicy: { kind: 'bank' } }, over)).toMatch(/released to 40/);
    expect(told(closed, { latePolicy: { kind: 'bank' } }, { teams: 0 })).toBe('');
    expect(told(open, { latePolicy: { kind: 'bank' } })).toBe('');
  });

  it('is that it opens again, or closes at once', () => {
    expect(told(closed, { dueAt: at(1) })).toMatch(/taken again/);
    expect(told(open, { dueAt: at(-1) })).toMatch(/closes at once/);
    expect(told({ ...open, lateUntil: at(48) }, { dueAt: at(-1) })).toMatch(/is late/);
    expect(told(open, { dueAt: at(1) })).toMatch(/less time than they were told/);
    expect(told(open, { opensAt: at(1) })).toMatch(/closes until the new opening/);
  });

  it('is what students see of private scores', () => {
    expect(told(closed, { dueAt: at(1) }, over)).toMatch(/have seen the private board[^]*frozen/);
    expect(told({ ...closed, revealAt: at(24) }, { revealAt: at(-1) })).toMatch(/see the private board at once/);
    expect(told(open, { revealAt: at(48) })).toBe('');
  });

  it('is another board, where submissions are there', () => {
    expect(told(open, { counts: 'last' })).toMatch(/Ranks and scores/);
    expect(told(open, { counts: 'last' }, { teams: 0 })).toBe('');
    expect(told(open, { parts: [{ slug: 'a', title: 'A' }] })).toMatch(/for no part/);
    const report: AttachmentField = { id: 'r', title: 'Report', kind: 'file', required: true, endings: [] };
    expect(told(open, { attachments: [report] })).toMatch(/“Report”: every submission so far lacks it/);
    expect(told({ ...open, attachments: [report] }, { attachments: [] })).toMatch(/asked for no more/);
    expect(told(open, { dailyLimit: 3 })).toMatch(/more than the new limit/);
  });

  it('is less privacy on a small board', () => {
    expect(told(open, { showSmallBoards: true })).toMatch(/whose score/);
    expect(told(open, { maxTeamSize: 1 })).toMatch(/stay as they are/);
    expect(told(open, { maxTeamSize: 3, teamsLockAt: at(1) })).toBe('');
    expect(told(open, { teamsLockAt: at(-1) })).toMatch(/can’t change their teams/);
  });
});
