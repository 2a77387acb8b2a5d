import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBlobStore, type BlobStore } from './store.ts';

describe('the blob store', () => {
  let dir: string;
  let store: BlobStore;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'topk-blobs-'));
    store = createBlobStore(join(dir, 'data'));
  });
  afterEach(async () => await rm(dir, { recursive: true, force: true }));

  const inPieces = async function* (content: Buffer, pieceBytes: number) {
    for (let start = 0; start < content.length; start += pieceBytes) {
      yield content.subarray(start, start + pieceBytes);
    }
  };
  const incoming = async () => await readdir(join(dir, 'data/incoming')).catch(() => []);

  it.each([
    { bytes: 0, pieceBytes: 1 },
    { bytes: 17_000, pieceBytes: 100 },
    { bytes: 40_000_000, pieceBytes: 65_536 },
    { bytes: 5_000_001, pieceBytes: 3_000_000 },
  ])('keeps $bytes bytes in order that come in pieces of $pieceBytes', async ({ bytes, pieceBytes }) => {
    const content = randomBytes(bytes);
    const outcome = await store.put(inPieces(content, pieceBytes), bytes);
    const hash = createHash('sha256').update(content).digest('hex');
    expect(outcome).toEqual({ kind: 'stored', blob: { hash, bytes } });
    expect(content.equals(await readFile(store.path(hash)))).toBe(true);
    expect(await incoming()).toEqual([]);
  });

  it('keeps the same bytes once, however often they come', async () => {
    const content = randomBytes(1000);
    const outcomes = await Promise.all([1, 2, 3].map(async () => await store.put(inPieces(content, 100), 1000)));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(await incoming()).toEqual([]);
  });

  it('leaves nothing of a file that is too large, or whose sender goes away', async () => {
    expect(await store.put(inPieces(randomBytes(3_000_000), 65_536), 2_999_999)).toEqual({ kind: 'too-large' });
    const broken = async function* () {
      yield* inPieces(randomBytes(20_000_000), 1_000_000);
      throw new Error('the sender went away');
    };
    await expect(store.put(broken(), 1e9)).rejects.toThrow('the sender went away');
    expect(await incoming()).toEqual([]);
  });
});
