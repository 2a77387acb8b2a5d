/** One value of a curve; `t` in seconds. */
export interface CurvePoint {
  readonly t: number;
  readonly value: number;
}

export interface CurveFrame {
  readonly width: number;
  readonly height: number;
  /** Seconds that the width stands for. */
  readonly maxT: number;
  /** The value that the height stands for. */
  readonly maxValue: number;
}

/**
 * The path of a curve as SVG, drawn from the left and at most two points a pixel: of what falls on one pixel the least and the greatest are
 * kept, so that a short peak is never lost. Empty where there are no points.
 */
export function curvePath(points: readonly CurvePoint[], frame: CurveFrame): string {
  const x = (t: number) => (frame.maxT === 0 ? 0 : clamp(t / frame.maxT) * frame.width);
  const y = (value: number) => (1 - (frame.maxValue === 0 ? 0 : clamp(value / frame.maxValue))) * frame.height;
  return thin(points, (point) => Math.floor(x(point.t)))
    .map(({ t, value }, index) => `${index === 0 ? 'M' : 'L'}${x(t).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
}

/** The same curve, closed along the bottom, to be filled. */
export function areaPath(points: readonly CurvePoint[], frame: CurveFrame): string {
  const curve = curvePath(points, frame);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return '';
  const x = (t: number) => ((frame.maxT === 0 ? 0 : clamp(t / frame.maxT)) * frame.width).toFixed(1);
  return `${curve}L${x(last.t)} ${frame.height}L${x(first.t)} ${frame.height}Z`;
}

function thin(points: readonly CurvePoint[], pixelOf: (point: CurvePoint) => number): CurvePoint[] {
  const kept: CurvePoint[] = [];
  let [least, greatest, pixel]: [CurvePoint | undefined, CurvePoint | undefined, number] = [undefined, undefined, -1];
  const flush = () => {
    if (least === undefined || greatest === undefined) return;
    kept.push(...(least === greatest ? [least] : least.t < greatest.t ? [least, greatest] : [greatest, least]));
  };
  for (const point of points) {
    if (pixelOf(point) !== pixel) {
      flush();
      [least, greatest, pixel] = [point, point, pixelOf(point)];
    }
    if (least === undefined || point.value < least.value) least = point;
    if (greatest === undefined || point.value > greatest.value) greatest = point;
  }
  flush();
  return kept;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
