// Our own pool with one thread: from the path of a file to the counts of both boards, the answer key compiled before.
import { createScoringPool } from '../../../core/scoring-pool/pool.ts';
import { runPeer } from './run-peer.mjs';

await runPeer(async ({ key }) => {
  const pool = createScoringPool({ threads: 1, maxKeyBytes: 1e9 });
  return async (file) => {
    const verdict = await pool.score({ file, keyFile: key, keyHash: key, metrics: ['top1', 'top5'], maxBytes: 1e9 });
    if (verdict.kind !== 'scored') throw new Error(JSON.stringify(verdict));
    const of = (name, what) => [verdict.scores.public[name][what], verdict.scores.private[name][what]];
    return { rows: of('top1', 'rows'), top1: of('top1', 'hits'), top5: of('top5', 'hits') };
  };
});
