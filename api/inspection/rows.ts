import type { z } from 'zod';
import type { listPredictedRows, PredictedRow, PredictedRows } from '../../core/contract/inspection.ts';
import type { Labelled } from '../../core/scoring-pool/pool.ts';
import { USAGE } from '../../core/scoring/key-memory.ts';
import { classNames, idsOfRows } from '../../core/scoring/key-reader.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { SubmissionRow } from '../submissions/read.ts';
import { findPredictions, primaryRank, readLabels } from './predictions.ts';

type Question = z.output<typeof listPredictedRows.schema.querystring>;

/** The name of each number of `USAGE`. */
const usages = ['both', 'public', 'private', 'ignored'] as const satisfies readonly (keyof typeof USAGE)[];

/** @throws conflict where it was not scored, or not by rows */
export async function readRows(services: Services, row: SubmissionRow, question: Question): Promise<PredictedRows> {
  const [source] = await findPredictions(services.db.pool, [row.id]);
  const primary = source && primaryRank(source.metrics);
  if (!source || !primary)
    throw new AppError(
      'conflict',
      `There are no hits and misses of submission ${row.id}: it is ${row.state}, or its metric does not count rows.`,
    );
  return pageOf(await readLabels(services, source), primary, question);
}

/** One page of the rows that are asked for, and how many of all of those are right. */
export function pageOf(
  { key, best, ranks }: Labelled,
  { metric, k }: { readonly metric: string; readonly k: number },
  { outcome, board, truth: wantedTruth, predicted: wantedBest, cursor = 0, limit }: Question,
): PredictedRows {
  const names = classNames(key);
  const truth = new Uint32Array(key.memory.buffer, key.layout.truth, key.rows);
  const usage = new Uint8Array(key.memory.buffer, key.layout.usage, key.rows);
  const [trueClass, bestClass] = [wantedTruth, wantedBest].map((name) =>
    name === undefined ? undefined : names.indexOf(name),
  );
  const found: number[] = [];
  let [hits, misses] = [0, 0];
  for (let row = 0; row < key.rows; row++) {
    if (board !== undefined && usage[row] !== USAGE.both && usage[row] !== USAGE[board]) continue;
    if (trueClass !== undefined && truth[row] !== trueClass) continue;
    if (bestClass !== undefined && best[row] !== bestClass) continue;
    const hit = isHit(ranks[row], k);
    if (hit) hits++;
    else misses++;
    // A cursor is the row to begin with; one row more than is asked for tells whether there is a next page.
    if (row < cursor || found.length > limit || (outcome !== 'all' && (outcome === 'hits') !== hit)) continue;
    found.push(row);
  }
  const shown = found.slice(0, limit);
  const ids = idsOfRows(key, shown);
  const rows = shown.map((row, index): PredictedRow => {
    const rank = ranks[row] ?? 0;
    return {
      id: ids[index] ?? '',
      truth: names[truth[row] ?? 0] ?? '',
      predicted: names[best[row] ?? 0] ?? '',
      rank: rank === 0 ? null : rank,
      hit: isHit(rank, k),
      usage: usages[usage[row] ?? 0] ?? 'ignored',
    };
  });
  const next = found[limit];
  return { metric, rows, hits, misses, ...(next !== undefined && { nextCursor: String(next) }) };
}

function isHit(rank: number | undefined, k: number): boolean {
  return rank !== undefined && rank >= 1 && rank <= k;
}
