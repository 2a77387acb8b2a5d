import { type KeyboardEvent, useState } from 'react';
import { nearestIndex } from './scale.ts';

/** Which point of a chart is read out, and what moves that. */
export interface Cursor {
  /** Undefined: none. */
  readonly index: number | undefined;
  /** What is read out; without a point, what the cursor is for. */
  readonly text: string;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  /** Undefined: the pointer has left. */
  readonly onPoint: (x: number | undefined) => void;
}

/**
 * A cursor over points from left to right: by the arrow keys, Home and End, or by pointing.
 * @param places the points' values of x, in order
 */
export function useCursor(places: readonly number[], textOf: (index: number) => string, hint: string): Cursor {
  const [chosen, choose] = useState<number>();
  const count = places.length;
  const index = chosen === undefined || count === 0 ? undefined : Math.min(chosen, count - 1);
  return {
    index,
    text: index === undefined ? hint : textOf(index),
    onKeyDown: (event) => {
      const next = count === 0 ? undefined : stepOf(event.key, index, count);
      if (next === undefined) return;
      event.preventDefault();
      choose(next);
    },
    onPoint: (x) => choose(x === undefined || count === 0 ? undefined : nearestIndex(places, x)),
  };
}

function stepOf(key: string, index: number | undefined, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return index === undefined ? 0 : Math.min(index + 1, count - 1);
    case 'ArrowLeft':
      return index === undefined ? count - 1 : Math.max(index - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
