import { describe, expect, it } from 'vitest';
import { changedSettings, type Settings } from './settings.ts';
import { draftOf, editOf, inWords, type SettingsDraft, settingsFrom } from './settings-draft.ts';

const newYork = 'America/New_York';

const before: Settings = {
  opensAt: '2026-11-01T05:00:00.000Z',
  dueAt: '2026-12-02T04:59:59.123Z',
  lateUntil: null,
  graceMinutes: 5,
  revealAt: null,
  latePolicy: { kind: 'percent', percent: 1, per: 'hour', cap: 48 },
  dailyLimit: 5,
  totalLimit: null,
  counts: 'best',
  selectMax: 2,
  parts: [{ slug: 'simple', title: 'Part 1: simple CNN' }],
  attachments: [{ id: 'report', title: 'Report', kind: 'file', required: true, endings: ['.pdf'] }],
  showSmallBoards: false,
  maxTeamSize: 2,
  teamsLockAt: null,
};

const changed = (part: Partial<SettingsDraft>) =>
  settingsFrom({ ...draftOf(before, newYork), ...part }, before, newYork);

describe('the draft of a phase’s settings', () => {
  it('is what is in force, and changes nothing by itself: not a millisecond', () => {
    const { settings, errors } = changed({});
    expect(settings).toEqual(before);
    expect(editOf(before, settings)).toEqual({});
    expect(errors.size).toBe(0);
  });

  it('sends only what was changed, with dates by the clock of the course’s zone', () => {
    const { settings, errors } = changed({ lateUntil: '2026-12-03T23:59', totalLimit: '100', dailyLimit: '' });
    expect(errors.size).toBe(0);
    expect(editOf(before, settings)).toEqual({
      lateUntil: '2026-12-04T04:59:00.000Z',
      dailyLimit: null,
      totalLimit: 100,
    });
  });

  it.each<[Partial<SettingsDraft>, Settings['latePolicy']]>([
    [{ lateKind: 'none' }, { kind: 'none' }],
    [
      { lateKind: 'day', percent: '10', cap: '' },
      { kind: 'percent', percent: 10, per: 'day' },
    ],
    [{ lateKind: 'bank' }, { kind: 'bank' }],
    [
      { lateKind: 'bank', percentPerDayBeyond: '20' },
      { kind: 'bank', percentPerDayBeyond: 20 },
    ],
  ])('what being late costs: %j', (part, latePolicy) => {
    const { settings, errors } = changed(part);
    expect(settings.latePolicy).toEqual(latePolicy);
    expect(errors.size).toBe(0);
  });

  it('names a new part and a new attachment by their titles, and leaves the names of those that are there', () => {
    const { settings } = changed({
      parts: [
        { slug: 'simple', title: 'Part 1: a small CNN' },
        { slug: '', title: 'Part 2: deeper CNN' },
      ],
      attachments: [{ id: '', title: 'AI use', kind: 'file', required: true, endings: 'PDF .md, pdf' }],
    });
    expect(settings.parts.map(({ slug }) => slug)).toEqual(['simple', 'part-2-deeper-cnn']);
    expect(settings.attachments).toEqual([
      { id: 'ai-use', title: 'AI use', kind: 'file', required: true, endings: ['.pdf', '.md'] },
    ]);
  });

  it.each<[string, Partial<SettingsDraft>]>([
    ['dailyLimit', { dailyLimit: 'many' }],
    ['dailyLimit', { dailyLimit: '0' }],
    ['graceMinutes', { graceMinutes: '-1' }],
    ['latePolicy.percent', { percent: '101' }],
    ['latePolicy.cap', { cap: 'all' }],
    ['dueAt', { dueAt: '2026-10-01T23:59' }],
    ['lateUntil', { lateUntil: '2026-11-30T23:59' }],
    ['revealAt', { revealAt: '2026-11-30T23:59' }],
    [
      'parts.1.title',
      {
        parts: [
          { slug: 'a', title: 'A' },
          { slug: '', title: ' ' },
        ],
      },
    ],
    [
      'parts',
      {
        parts: [
          { slug: 'a', title: 'A' },
          { slug: '', title: 'A' },
        ],
      },
    ],
    [
      'attachments.0.endings',
      { attachments: [{ id: 'a', title: 'A', kind: 'file', required: false, endings: 'a/b' }] },
    ],
  ])('says at %s what is wrong', (path, part) => {
    expect([...changed(part).errors.keys()]).toEqual([path]);
  });

  it('tells fields of the API by what the page calls them', () => {
    expect(inWords('must be after opensAt')).toBe('must be after the opening');
  });

  it('tells what changed, in the order of the page', () => {
    expect(changedSettings(before, { ...before, showSmallBoards: true, dueAt: null })).toEqual([
      'dueAt',
      'showSmallBoards',
    ]);
  });
});
