/**
 * Rounds to so many decimals, half away from zero. What a computation is off by in the last bits does not decide: 1.005, which a double holds as a little
 * less, becomes 1.01.
 */
export function roundTo(decimals: number, value: number): number {
  const scale = 10 ** decimals;
  const scaled = Math.abs(value) * scale;
  const rounded = Math.round(scaled * (1 + Number.EPSILON)) / scale;
  return value < 0 && rounded > 0 ? -rounded : rounded;
}
