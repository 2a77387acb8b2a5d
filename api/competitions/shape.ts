import { createHash } from 'node:crypto';
import { isCustomOnly } from '../../core/contract/scores.ts';
import type { Services } from '../services.ts';
import { keyReading, requireCompiles } from './answer-key.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { AppError, notFound } from '../errors.ts';

/** Ids and classes of a phase, ready to send; those used last are kept, since computing one means compiling the answer key. */
export type ShapeCache = (competition: FullCompetition, phase: FullPhase) => Promise<Shape>;

interface Shape {
  readonly etag: string;
  readonly bytes: Uint8Array;
}

interface Entry {
  readonly shape: Promise<Shape>;
  /** 0 until it is computed. */
  bytes: number;
}

/** Those of a whole course, unless they are of many millions of rows. */
const keepBytes = 128 * 2 ** 20;

/** @param maxBytes how much of shapes is kept; the one asked for last stays even if it is larger */
export function createShapeCache(
  services: Pick<Services, 'scoring' | 'blobs' | 'config'>,
  maxBytes: number = keepBytes,
): ShapeCache {
  const kept = new Map<string, Entry>();

  const begin = (name: string, compilation: Parameters<typeof requireCompiles>[1]): Entry => {
    const computed = requireCompiles(services, compilation, 'The answer key no longer fits').then(
      ({ shape: bytes }) => {
        entry.bytes = bytes.byteLength;
        shrink(entry);
        // Of what is sent, not of the answer key: its hash would let a guess of all labels be verified.
        return { etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`, bytes };
      },
    );
    const entry: Entry = { shape: computed, bytes: 0 };
    computed.catch(() => {
      if (kept.get(name) === entry) kept.delete(name);
    });
    return entry;
  };
  const shrink = (last: Entry) => {
    let total = 0;
    for (const { bytes } of kept.values()) total += bytes;
    for (const [name, entry] of kept) {
      if (total <= maxBytes) return;
      if (entry === last) continue;
      total -= entry.bytes;
      // What is being computed is waited for by all who ask.
      if (entry.bytes > 0) kept.delete(name);
    }
  };

  return async (competition, phase) => {
    if (phase.answerKey === null) throw notFound('answer key in this phase yet');
    // It has no classes to tell, and the distinct targets of a regression would be half of its answers.
    if (isCustomOnly(competition.metrics))
      throw new AppError('not-found', 'Only this competition’s own metric knows what its predictions look like.');
    const compilation = { keyHash: phase.answerKey.hash, ...keyReading(competition, competition.metrics) };
    const name = JSON.stringify(compilation);
    const entry = kept.get(name) ?? begin(name, compilation);
    kept.delete(name);
    kept.set(name, entry);
    return await entry.shape;
  };
}
