import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLiveLog, readLiveLog, removeLiveLogs } from './live-log.ts';

describe('the live log', () => {
  let dir: string;
  const run = { submissionId: 7, attempt: 2 };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'topk-live-'));
  });
  afterEach(async () => await rm(dir, { recursive: true, force: true }));

  const readAll = async (from = 0, maxBytes = 100_000) => {
    const pieces: { offset: number; text: string }[] = [];
    for (let offset = from; ;) {
      const piece = await readLiveLog(dir, run, offset, maxBytes);
      if (piece === undefined) return pieces;
      const text = Buffer.from(piece.bytes).toString();
      const last = pieces.at(-1);
      if (last !== undefined && last.offset + last.text.length === piece.offset) last.text += text;
      else pieces.push({ offset: piece.offset, text });
      offset = piece.offset + piece.bytes.length;
    }
  };

  it('is read from any offset while it grows', async () => {
    expect(await readLiveLog(dir, run, 0, 100)).toBeUndefined();
    const log = await openLiveLog(dir, run);
    await log.append(0, Buffer.from('hello '));
    await log.append(6, Buffer.from('world\n'));
    expect(await readAll()).toEqual([{ offset: 0, text: 'hello world\n' }]);
    expect(await readAll(6, 2)).toEqual([{ offset: 6, text: 'world\n' }]);
    expect(await readLiveLog(dir, run, 12, 100)).toBeUndefined();
    await log.append(12, Buffer.from('more'));
    expect(await readAll(12)).toEqual([{ offset: 12, text: 'more' }]);
  });

  it('tells where something was left out', async () => {
    const log = await openLiveLog(dir, run);
    await log.append(0, Buffer.from('begin'));
    await log.append(1000, Buffer.from('end'));
    expect(await readAll()).toEqual([
      { offset: 0, text: 'begin' },
      { offset: 1000, text: 'end' },
    ]);
    expect(await readAll(500)).toEqual([{ offset: 1000, text: 'end' }]);
  });

  it('keeps beginning and end of a flood, and no more than 2 MiB', async () => {
    const log = await openLiveLog(dir, run);
    const total = 20 * 2 ** 20;
    const line = Buffer.from(`${'x'.repeat(99_999)}\n`);
    for (let offset = 0; offset < total; offset += line.length) await log.append(offset, line);
    const [head, tail, ...rest] = await readAll();
    expect(rest).toEqual([]);
    expect(head?.offset).toBe(0);
    expect(head?.text.length).toBe(2 * 256 * 1024);
    expect((tail?.offset ?? 0) + (tail?.text.length ?? 0)).toBe(Math.ceil(total / 100_000) * 100_000);
    expect(await readdir(join(dir, 'live', '7-2'))).toHaveLength(8);
  });

  it('is removed some time after its end, and not before', async () => {
    const log = await openLiveLog(dir, run);
    await log.append(0, Buffer.from('x'));
    await removeLiveLogs(dir, 60_000);
    expect(await readAll()).toHaveLength(1);
    const past = new Date(Date.now() - 120_000);
    await utimes(join(dir, 'live', '7-2', '0'), past, past);
    await utimes(join(dir, 'live', '7-2'), past, past);
    await removeLiveLogs(dir, 60_000);
    expect(await readdir(join(dir, 'live'))).toEqual([]);
  });
});
