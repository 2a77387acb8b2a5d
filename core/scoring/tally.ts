import type { Job } from './job.ts';
import { USAGE } from './key-memory.ts';
import { scoreOf, type Metric, type MetricScore, type Scores } from './metrics.ts';

const RANKS = 256;

/** Turns the rank of every row into scores of both splits and one bit per row of the answer key's file. */
export function tallyRanks(job: Job, metrics: readonly Metric[]): { scores: Scores; hits: Record<string, Uint8Array> } {
  const { key, kernel, arena } = job;
  const counts = new Uint32Array(key.memory.buffer, arena.counts, 4 * RANKS);
  counts.fill(0);
  kernel.tally(arena.ranks, key.layout.usage, key.rows, arena.counts);
  const scoresOf = (usage: number): Record<string, MetricScore> => {
    const rows = countRanks(counts, USAGE.both, 0, RANKS) + countRanks(counts, usage, 0, RANKS);
    if (rows === 0) return {};
    return Object.fromEntries(
      metrics.map(({ name, k }) => {
        const hits = countRanks(counts, USAGE.both, 1, k + 1) + countRanks(counts, usage, 1, k + 1);
        return [name, scoreOf(hits, rows)];
      }),
    );
  };
  return {
    scores: { public: scoresOf(USAGE.public), private: scoresOf(USAGE.private) },
    hits: Object.fromEntries(metrics.map(({ name, k }) => [name, hitBits(job, k)])),
  };
}

function countRanks(counts: Uint32Array, usage: number, from: number, to: number): number {
  let total = 0;
  for (let rank = from; rank < to; rank++) total += counts[usage * RANKS + rank] ?? 0;
  return total;
}

function hitBits(job: Job, k: number): Uint8Array {
  const { key, kernel, arena, bytes, ranks } = job;
  const size = Math.ceil(key.rows / 8);
  if (key.layout.keyRows === 0) {
    kernel.hitBits(arena.ranks, key.rows, k, arena.bits);
    return bytes.slice(arena.bits, arena.bits + size);
  }
  const keyRows = new Uint32Array(key.memory.buffer, key.layout.keyRows, key.rows);
  const bits = new Uint8Array(size);
  for (let row = 0; row < key.rows; row++) {
    const rank = ranks[row] ?? 0;
    const keyRow = keyRows[row] ?? 0;
    if (rank >= 1 && rank <= k) bits[keyRow >> 3] = (bits[keyRow >> 3] ?? 0) | (1 << (keyRow & 7));
  }
  return bits;
}
