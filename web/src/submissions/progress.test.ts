import { describe, expect, it } from 'vitest';
import type { Submission } from '../../../core/contract/submissions.ts';
import { progressOf, sortSubmissions } from './progress.ts';

function submission(id: number, value: number | undefined, disqualified = false): Submission {
  return {
    id,
    competition: 'digits',
    phase: 'main',
    team: 'Brisk Otter',
    state: value === undefined ? 'rejected' : 'scored',
    attempt: 1,
    receivedAt: new Date(Date.UTC(2026, 0, id)).toISOString(),
    kind: 'predictions',
    file: { name: 'a.csv', bytes: 1, sha256: '' },
    attachments: [],
    note: '',
    notices: [],
    selected: false,
    countsOn: [],
    ...(value === undefined ? {} : { scores: { public: { top1: { value, rows: 10 } } } }),
    ...(disqualified ? { disqualified: { at: '', reason: 'a copy' } } : {}),
  };
}

const all = [submission(4, 0.6), submission(3, undefined), submission(2, 0.9, true), submission(1, 0.5)];
const ids = (sorted: readonly Submission[]) => sorted.map(({ id }) => id);

describe('the way of a team', () => {
  it('goes from the first score to the last with the best so far, without what does not count', () => {
    const points = progressOf([...all, submission(5, 0.55)], 'top1', true);
    expect(points.map(({ submission: { id }, best, isBest }) => [id, best, isBest])).toEqual([
      [1, 0.5, true],
      [4, 0.6, true],
      [5, 0.6, false],
    ]);
  });

  it('goes down where less is better', () => {
    expect(progressOf(all, 'top1', false).map(({ best }) => best)).toEqual([0.5, 0.5]);
  });

  it('has nothing of a metric that nothing was scored by', () => {
    expect(progressOf(all, 'top5', true)).toEqual([]);
  });

  it('is sorted by time and by score, what has none last', () => {
    const by = { metric: 'top1', higherIsBetter: true };
    expect(ids(sortSubmissions(all, 'newest', by))).toEqual([4, 3, 2, 1]);
    expect(ids(sortSubmissions(all, 'oldest', by))).toEqual([1, 2, 3, 4]);
    expect(ids(sortSubmissions(all, 'best', by))).toEqual([2, 4, 1, 3]);
    expect(ids(sortSubmissions(all, 'best', { ...by, higherIsBetter: false }))).toEqual([1, 4, 2, 3]);
  });
});
