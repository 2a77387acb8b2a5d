import { describe, expect, it } from 'vitest';
import { GradeScheme } from '../../../core/contract/grade-scheme.ts';
import { draftOf, schemeOf } from './scheme-draft.ts';

const scheme = GradeScheme.parse({
  performance: {
    better: 'lower',
    between: 'steps',
    below: 1.5,
    anchors: [
      { name: 'baseline', score: 0.9, points: 2 },
      { name: 'target', score: -0.25, points: 40 },
    ],
  },
  bonus: [{ top: 10, points: 5 }],
  rubric: [{ id: 'code', title: 'Code quality', points: 30, description: 'Read the course’s guide.' }],
  regradeDays: 10,
});

describe('the draft of a grade scheme', () => {
  it('is what is in force, and gives it back unchanged', () => {
    expect(schemeOf(draftOf(scheme))).toEqual(scheme);
    const byHand = { ...scheme, performance: null };
    expect(schemeOf(draftOf(byHand))).toEqual(byHand);
  });

  it('names a new item by its title, and leaves the name of one that is there', () => {
    const draft = draftOf(scheme);
    const added = { id: '', title: 'Report & experiment log!', points: '30', description: '' };
    const renamed = { ...draft, rubric: [...draft.rubric.map((item) => ({ ...item, title: 'Style' })), added] };
    expect(schemeOf(renamed).rubric.map(({ id }) => id)).toEqual(['code', 'report-experiment-log']);
  });

  it('says what is no number', () => {
    expect(() => schemeOf(draftOf(null))).toThrow('The score of “baseline” must be a number.');
    expect(() => schemeOf({ ...draftOf(scheme), regradeDays: 'a week' })).toThrow('The days for regrade requests must');
  });
});
