import { createLogText } from '../../../core/log-text.ts';

/** What a page shows of a log at one moment. A new object for every moment. */
export interface LogSnapshot {
  readonly blocks: readonly LogBlock[];
  /** Lines that were there, and are shown no more. */
  readonly trimmed: number;
  /** All lines since the beginning. */
  readonly lines: number;
}

/** Lines that are drawn as one element: a hundred times fewer, and one that is full hardly ever changes again. */
export interface LogBlock {
  readonly key: number;
  readonly text: string;
}

/** The last lines of what a program printed, in blocks. */
export interface LogLines {
  write(text: string): void;
  snapshot(): LogSnapshot;
}

export const maxLines = 2000;
const linesPerBlock = 100;
/** A page of lines that are longer takes seconds to lay out. */
const maxLineLength = 4000;

export function createLogLines(): LogLines {
  const log = createLogText({ maxLines, maxLineLength });
  /** By key; what may have changed is taken out, to be made again when it is shown. */
  const made = new Map<number, LogBlock>();
  const blockAt = (key: number): LogBlock => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const start = key * linesPerBlock - log.dropped;
    const block = {
      key,
      text: log.lines
        .slice(start, start + linesPerBlock)
        .map(marked)
        .join('\n'),
    };
    made.set(key, block);
    return block;
  };
  return {
    write: (text) => {
      const droppedBefore = log.dropped;
      const changed = log.write(text);
      // Where lines were dropped, all have moved, and what was changed of them is no longer told.
      const first = log.dropped === droppedBefore ? Math.floor((log.dropped + changed) / linesPerBlock) : 0;
      for (const key of made.keys()) if (key >= first) made.delete(key);
    },
    snapshot: () => {
      // A line break ends a line; it does not begin one.
      const lines = log.dropped + log.lines.length - (log.lines.at(-1) === '' ? 1 : 0);
      // Only whole blocks: else the first one would be another with each line that is dropped.
      const firstKey = Math.ceil(log.dropped / linesPerBlock);
      const count = Math.max(0, Math.ceil(lines / linesPerBlock) - firstKey);
      return {
        blocks: Array.from({ length: count }, (_, index) => blockAt(firstKey + index)),
        trimmed: firstKey * linesPerBlock,
        lines,
      };
    },
  };
}

function marked(line: string): string {
  return line.length < maxLineLength ? line : `${line} … (the line goes on in the whole log)`;
}
