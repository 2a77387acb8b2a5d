import { describe, expect, it } from 'vitest';
import type { Performance } from '../../../core/contract/grade-scheme.ts';
import { gradeOf } from '../../../core/grades/grade.ts';
import { cornersOf } from '../../../web/src/grades/curve-corners.ts';

const performance: Performance = {
  better: 'higher',
  between: 'linear',
  below: 10,
  anchors: [
    { name: 'baseline', score: 0.4, points: 28 },
    { name: 'target', score: 0.8, points: 40 },
  ],
};

/** On the straight line between two corners. */
function drawnAt(corners: ReturnType<typeof cornersOf>, score: number, sign: number): number {
  const next = corners.findIndex((corner) => sign * corner.score > sign * score);
  const [from, to] = [corners[next - 1], corners[next]];
  if (!from || !to) throw new Error(`${score} is not on the curve`);
  return from.points + ((score - from.score) / (to.score - from.score)) * (to.points - from.points);
}

describe('the curve of a grade scheme', () => {
  it.each([
    ['linear', 'higher', 1],
    ['steps', 'higher', 1],
    ['linear', 'lower', -1],
    ['steps', 'lower', -1],
  ] as const)('is what scores are worth: %s, %s is better', (between, better, sign) => {
    const anchors = performance.anchors.map((anchor) => ({ ...anchor, score: sign * anchor.score }));
    const scheme = { performance: { ...performance, anchors, between, better }, bonus: [], rubric: [], regradeDays: 0 };
    const corners = cornersOf(scheme.performance);
    for (const score of [0.36, 0.4, 0.45, 0.6, 0.79, 0.8, 0.84].map((value) => sign * value)) {
      const evidence = { counted: { score, rank: 1 }, late: undefined, marks: new Map(), override: undefined };
      expect(drawnAt(corners, score, sign), String(score)).toBeCloseTo(gradeOf(scheme, evidence).points, 2);
    }
  });

  it('is drawn of one anchor, and of none not', () => {
    expect(cornersOf({ ...performance, anchors: performance.anchors.slice(0, 1) })).toHaveLength(4);
    expect(cornersOf({ ...performance, anchors: [] })).toEqual([]);
  });
});
