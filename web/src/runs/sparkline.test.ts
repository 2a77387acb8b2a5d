import { describe, expect, it } from 'vitest';
import { areaPath, curvePath } from './sparkline.ts';

const frame = { width: 100, height: 40, maxT: 10, maxValue: 4 };

describe('curvePath', () => {
  it('puts zero at the bottom left and the limit at the top', () => {
    const points = [
      { t: 0, value: 0 },
      { t: 5, value: 2 },
      { t: 10, value: 4 },
    ];
    expect(curvePath(points, frame)).toBe('M0.0 40.0L50.0 20.0L100.0 0.0');
  });

  it('keeps within the frame what goes beyond the limit', () => {
    expect(curvePath([{ t: 20, value: 9 }], frame)).toBe('M100.0 0.0');
  });

  it('is empty without points, and stands without a span', () => {
    expect(curvePath([], frame)).toBe('');
    expect(curvePath([{ t: 0, value: 1 }], { ...frame, maxT: 0, maxValue: 0 })).toBe('M0.0 40.0');
  });

  it('draws a day of samples with few points and loses no peak', () => {
    const points = Array.from({ length: 86_400 }, (_, t) => ({ t, value: t === 50_000 ? 4 : 1 }));
    const path = curvePath(points, { ...frame, maxT: 86_400 });
    expect(path.match(/[ML]/g)?.length).toBeLessThanOrEqual(202);
    expect(path).toContain(' 0.0');
  });
});

describe('areaPath', () => {
  it('closes the curve along the bottom', () => {
    const points = [
      { t: 2, value: 1 },
      { t: 4, value: 1 },
    ];
    expect(areaPath(points, frame)).toBe('M20.0 30.0L40.0 30.0L40.0 40L20.0 40Z');
  });

  it('is empty without points', () => expect(areaPath([], frame)).toBe(''));
});
