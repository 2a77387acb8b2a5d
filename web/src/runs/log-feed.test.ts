import { describe, expect, it } from 'vitest';
import { createLogFeed } from './log-feed.ts';
import { createLogLines } from './log-lines.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('');

function textOf({ blocks }: { blocks: readonly { text: string }[] }): string {
  return blocks.map(({ text }) => text).join('\n');
}

describe('the lines of a log', () => {
  it('keep a progress bar one line, and count no line that has not begun', () => {
    const lines = createLogLines();
    lines.write('epoch 1\n 10%|#\r 20%|##\r');
    expect(lines.snapshot()).toMatchObject({ lines: 2, trimmed: 0 });
    lines.write('100%|###\ndone\n');
    expect(textOf(lines.snapshot())).toBe('epoch 1\n100%|###\ndone\n');
    expect(lines.snapshot().lines).toBe(3);
  });

  it('leave alone the blocks that have not changed', () => {
    const lines = createLogLines();
    lines.write(numbered(0, 250));
    const before = lines.snapshot().blocks;
    lines.write('more\n');
    const after = lines.snapshot().blocks;
    expect([after[0] === before[0], after[1] === before[1], after[2] === before[2]]).toEqual([true, true, false]);
  });

  it('hold the end alone, in whole blocks, and say how many lines went before', () => {
    const lines = createLogLines();
    for (let from = 0; from < 30_000; from += 777) lines.write(numbered(from, Math.min(from + 777, 30_000)));
    const { blocks, trimmed, lines: count } = lines.snapshot();
    const shown = textOf({ blocks }).trimEnd().split('\n');
    expect(count).toBe(30_000);
    expect(shown[0]).toBe(`line ${trimmed}`);
    expect(shown.at(-1)).toBe('line 29999');
    expect(shown.length).toBe(30_000 - trimmed);
    expect(shown.length).toBeLessThanOrEqual(2000);
    expect(shown.length).toBeGreaterThan(1500);
  });

  it('mark a line that is cut', () => {
    const lines = createLogLines();
    lines.write('x'.repeat(1_000_000));
    expect(textOf(lines.snapshot())).toMatch(/^x{4000} … \(the line goes on/);
  });
});

describe('the feed of a log', () => {
  it('tells its readers once a frame, however much is written', () => {
    const tasks: (() => void)[] = [];
    const feed = createLogFeed((task) => tasks.push(task));
    let told = 0;
    const leave = feed.subscribe(() => (told += 1));
    for (let index = 0; index < 1000; index += 1) feed.write(`line ${index}\n`);
    expect([tasks.length, told, feed.snapshot().lines]).toEqual([1, 0, 0]);
    tasks.shift()?.();
    expect([told, feed.snapshot().lines]).toEqual([1, 1000]);
    feed.reset();
    feed.write('anew');
    leave();
    tasks.shift()?.();
    expect([told, textOf(feed.snapshot())]).toEqual([1, 'anew']);
  });
});
