/** Rows of a table that are drawn, and the room that those between them take. */
export type Block =
  | { readonly kind: 'row'; readonly index: number }
  | { readonly kind: 'room'; readonly rows: number; readonly after: number };

/** From `start` up to, not including, `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** Steps in which the range moves: not with each pixel. */
const step = 10;
const overscan = 15;

/** Which of `count` rows are near the window, where the first one begins `top` pixels below the window's upper edge. */
export function rangeNear(top: number, windowHeight: number, rowHeight: number, count: number): RowRange {
  const down = (index: number) => Math.floor(index / step) * step;
  const first = down(-top / rowHeight - overscan);
  const last = down((windowHeight - top) / rowHeight + overscan) + step;
  return { start: Math.min(Math.max(0, first), count), end: Math.min(Math.max(0, last), count) };
}

/** The rows of a range, one row more wherever it stands, and room for all others. */
export function blocksOf(count: number, { start, end }: RowRange, pinned: number | undefined): Block[] {
  const drawn = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
  if (pinned !== undefined && pinned >= 0 && pinned < count) {
    if (pinned < start) drawn.unshift(pinned);
    if (pinned >= end) drawn.push(pinned);
  }
  const blocks: Block[] = [];
  let next = 0;
  for (const index of drawn) {
    if (index > next) blocks.push({ kind: 'room', rows: index - next, after: next });
    blocks.push({ kind: 'row', index });
    next = index + 1;
  }
  if (next < count) blocks.push({ kind: 'room', rows: count - next, after: next });
  return blocks;
}
