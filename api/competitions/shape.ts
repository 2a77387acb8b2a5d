import { createHash } from 'node:crypto';
import type { Services } from '../services.ts';
import { requireCompiles, sampleHashOf } from './answer-key.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { notFound } from '../errors.ts';

/** Ids and classes of a phase, ready to send; a few are kept, since computing one means compiling the answer key. */
export type ShapeCache = (competition: FullCompetition, phase: FullPhase) => Promise<Shape>;

interface Shape {
  readonly etag: string;
  readonly bytes: Uint8Array;
}

const keepAtMost = 4;

export function createShapeCache(services: Services): ShapeCache {
  const kept = new Map<string, Promise<Shape>>();
  return async (competition, phase) => {
    if (phase.answerKey === null) throw notFound('answer key in this phase yet');
    const compilation = {
      keyHash: phase.answerKey.hash,
      sampleHash: sampleHashOf(competition),
      classes: competition.classes,
    };
    const name = JSON.stringify(compilation);
    let shape = kept.get(name);
    if (shape === undefined) {
      shape = requireCompiles(services, compilation, 'The answer key no longer fits').then(({ shape: bytes }) => ({
        // Of what is sent, not of the answer key: its hash would let a guess of all labels be verified.
        etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`,
        bytes,
      }));
      shape.catch(() => kept.delete(name));
      const [oldest] = kept.keys();
      if (kept.size >= keepAtMost && oldest !== undefined) kept.delete(oldest);
      kept.set(name, shape);
    }
    return await shape;
  };
}
