import { describe, expect, it } from 'vitest';
import { blocksOf, rangeNear } from './row-window.ts';

describe('the rows of a long board', () => {
  it('are those near the window, never more than there are', () => {
    expect(rangeNear(200, 800, 40, 2000)).toEqual({ start: 0, end: 40 });
    const middle = rangeNear(-40_000, 800, 40, 2000);
    expect(middle.start).toBeLessThanOrEqual(1000);
    expect(middle.start).toBeGreaterThan(960);
    expect(middle.end).toBeGreaterThanOrEqual(1020);
    expect(rangeNear(-80_000, 800, 40, 1990).end).toBe(1990);
    expect(rangeNear(-1_000_000, 800, 40, 30)).toEqual({ start: 30, end: 30 });
  });

  it('move in steps, not with each pixel', () => {
    expect(rangeNear(-4010, 800, 40, 2000)).toEqual(rangeNear(-4050, 800, 40, 2000));
  });

  it('leave room for all others, and my own is always there', () => {
    const sizes = (pinned?: number) =>
      blocksOf(100, { start: 40, end: 42 }, pinned).map((block) => (block.kind === 'row' ? block.index : -block.rows));
    expect(sizes()).toEqual([-40, 40, 41, -58]);
    expect(sizes(41)).toEqual([-40, 40, 41, -58]);
    expect(sizes(3)).toEqual([-3, 3, -36, 40, 41, -58]);
    expect(sizes(99)).toEqual([-40, 40, 41, -57, 99]);
    expect(blocksOf(2, { start: 0, end: 2 }, undefined)).toHaveLength(2);
    expect(blocksOf(0, { start: 0, end: 0 }, undefined)).toEqual([]);
  });
});
