import { expect, it } from 'vitest';
import { binsOf } from './bins.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 11, 1, hour)).toISOString();

it('has a bin for each hour, those without anything too', () => {
  const bins = binsOf(
    [
      { at: at(0), count: 2 },
      { at: at(3), count: 1 },
    ],
    100,
  );
  expect(bins.map(({ count }) => count)).toEqual([2, 0, 0, 1]);
  expect(bins[1]).toMatchObject({ from: Date.parse(at(1)), to: Date.parse(at(2)) });
});

it('puts hours together where they are many, and loses nothing', () => {
  const hours = Array.from({ length: 1000 }, (_, hour) => ({ at: at(hour), count: hour % 3 }));
  const bins = binsOf(hours, 90);
  expect(bins.length).toBeLessThanOrEqual(90);
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(hours.reduce((sum, { count }) => sum + count, 0));
  expect(binsOf([], 90)).toEqual([]);
});
