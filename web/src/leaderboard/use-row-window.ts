import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type Block, blocksOf, rangeNear, type RowRange } from './row-window.ts';

/** Shorter tables are drawn whole. */
const DRAWN_WHOLE = 150;
/** Until the rows have been measured. */
const ASSUMED_HEIGHT = 44;
/** Until the table's place is known: what a window shows at first. */
const firstRange = { start: 0, end: 30 };

/**
 * Which of a table's many rows are drawn: those near the window, my own, and all of them on paper. The others leave room, so that the page is as long
 * as it would be. Rows are taken to be of one height, the mean of those that are drawn.
 * @param pinned the index of a row that is always drawn
 * @param complete whether there are no further rows to load
 */
export function useRowWindow(count: number, pinned: number | undefined, complete: boolean) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [rowHeight, setRowHeight] = useState(ASSUMED_HEIGHT);
  const [range, setRange] = useState<RowRange>(firstRange);
  const printing = usePrinting();
  const whole = printing || (complete && count <= DRAWN_WHOLE);

  useEffect(() => {
    if (whole) return;
    let frame: number | undefined;
    const look = () => {
      frame = undefined;
      if (body.current === null) return;
      const mean = meanHeight(body.current);
      // Not for a fraction: rows would be measured without end.
      if (Math.abs(mean - rowHeight) > 1) setRowHeight(mean);
      const near = rangeNear(body.current.getBoundingClientRect().top, window.innerHeight, rowHeight, count);
      setRange((last) => (last.start === near.start && last.end === near.end ? last : near));
    };
    const lookSoon = () => {
      frame ??= requestAnimationFrame(look);
    };
    look();
    window.addEventListener('scroll', lookSoon, { passive: true });
    window.addEventListener('resize', lookSoon);
    return () => {
      window.removeEventListener('scroll', lookSoon);
      window.removeEventListener('resize', lookSoon);
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [whole, rowHeight, count]);

  const blocks: Block[] = blocksOf(count, whole ? { start: 0, end: count } : clamp(range, count), pinned);
  return { body, blocks, rowHeight, lastDrawn: whole ? count : range.end };
}

/** Of the rows that are drawn. */
function meanHeight(body: HTMLTableSectionElement): number {
  const heights = [...body.rows].flatMap((row) => ('room' in row.dataset ? [] : [row.getBoundingClientRect().height]));
  return heights.length === 0 ? ASSUMED_HEIGHT : heights.reduce((sum, height) => sum + height, 0) / heights.length;
}

function clamp({ start, end }: RowRange, count: number): RowRange {
  return { start: Math.min(start, count), end: Math.min(end, count) };
}

/** Whether the page is being printed: then all of it is drawn before the paper is. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const media = window.matchMedia('print');
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    const change = () => (media.matches ? begin() : end());
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    media.addEventListener('change', change);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
      media.removeEventListener('change', change);
    };
  }, []);
  return printing;
}
