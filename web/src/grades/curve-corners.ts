import type { Performance } from '../../../core/contract/grade-scheme.ts';

/** A corner of the curve from scores to points. */
export interface Corner {
  readonly score: number;
  readonly points: number;
}

/** How much is drawn before the first anchor and after the last, as a share of what lies between. */
const margin = 0.12;

/** The corners from the worst score to the best: a jump is two corners at one score. */
export function cornersOf({ below, between, anchors }: Performance): Corner[] {
  const [first, last] = [anchors[0], anchors.at(-1)];
  if (first === undefined || last === undefined) return [];
  // Of a single anchor nothing tells the scale: any will do.
  const span = last.score - first.score || 1;
  const corners: Corner[] = [{ score: first.score - margin * span, points: below }];
  for (const [i, { score, points }] of anchors.entries()) {
    const before = corners.at(-1)?.points ?? below;
    if ((i === 0 || between === 'steps') && before !== points) corners.push({ score, points: before });
    corners.push({ score, points });
  }
  corners.push({ score: last.score + margin * span, points: last.points });
  return corners;
}
