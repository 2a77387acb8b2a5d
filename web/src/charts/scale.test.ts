import { describe, expect, it } from 'vitest';
import { domainOf, linearScale, nearestIndex, ticksOf } from './scale.ts';

describe('scales', () => {
  it('lay a domain out, also upside down, and put what has no extent in the middle', () => {
    const y = linearScale([0, 10], [100, 0]);
    expect([y(0), y(5), y(10)]).toEqual([100, 50, 0]);
    expect(linearScale([3, 3], [0, 8])(3)).toBe(4);
  });

  it('have round ticks within the domain', () => {
    expect(ticksOf([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf([0.313, 0.352], 4)).toEqual([0.32, 0.33, 0.34, 0.35]);
    expect(ticksOf([1, 2000], 4)).toEqual([500, 1000, 1500, 2000]);
    expect(ticksOf([7, 7], 4)).toEqual([7]);
  });

  it('leave room around the values', () => {
    expect(domainOf([])).toEqual([0, 1]);
    expect(domainOf([0, 10], 0.1)).toEqual([-1, 11]);
    const [low, high] = domainOf([0.5]);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });

  it('find the nearest value', () => {
    expect(nearestIndex([1, 4, 9], 5)).toBe(1);
    expect(nearestIndex([], 5)).toBe(-1);
  });
});
