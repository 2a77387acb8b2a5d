import { builtInMetrics, customMetricName, isCustomOnly, type Scores } from '../core/contract/scores.ts';
import type { Claim } from '../core/submissions/claim.ts';
import type { Verdict } from '../core/submissions/verdict.ts';
import { scoreCustom } from './custom-metric.ts';
import type { Services } from './services.ts';

type Scored = Extract<Verdict, { kind: 'scored' }>;
type Counted = Pick<Scored, 'kind' | 'scores' | 'hits' | 'notices'>;

/**
 * Scores a predictions file: the built-in metrics in a worker thread, the instructor's own in its container. Rejects for our own faults only;
 * whatever is wrong with the file is a verdict.
 * @param file a path
 */
export async function score(services: Services, held: Claim, file: string, signal: AbortSignal): Promise<Verdict> {
  const counted = isCustomOnly(held.metrics) ? uncounted : await scoreBuiltIn(services, held, file, signal);
  if (counted.kind === 'rejected' || !held.metrics.includes(customMetricName)) return ranked(held, counted);
  const custom = await scoreCustom(services, held, file, signal);
  if (custom.kind === 'rejected')
    return { kind: 'rejected', reason: custom.reason, errors: [{ message: custom.reason }], moreErrors: 0 };
  return ranked(held, { ...counted, scores: merged(counted.scores, custom.scores) });
}

/** As `score`, by built-in metrics alone and with any answer key. */
export async function scoreAgainst(
  services: Services,
  against: Against,
  file: string,
  signal: AbortSignal,
): Promise<Verdict> {
  return ranked({ ...against, customMetric: null }, await scoreBuiltIn(services, against, file, signal));
}

/** What a file is scored with. */
type Against = Pick<Claim, 'answerKeyHash' | 'sampleHash' | 'metrics' | 'classes' | 'maxFileBytes'>;

/** What is known of a file that only the custom metric can read. */
const uncounted: Counted = { kind: 'scored', scores: { public: {}, private: {} }, hits: new Map(), notices: [] };

async function scoreBuiltIn(
  { scoring, blobs }: Services,
  { answerKeyHash, sampleHash, metrics, classes, maxFileBytes }: Against,
  file: string,
  signal: AbortSignal,
): Promise<Counted | Extract<Verdict, { kind: 'rejected' }>> {
  if (answerKeyHash === null) throw new Error('the phase has no answer key');
  if (metrics.length === 0) throw new Error('the competition has no metric');
  const verdict = await scoring.score(
    {
      file,
      keyFile: blobs.path(answerKeyHash),
      keyHash: answerKeyHash,
      ...(sampleHash !== null && { sampleFile: blobs.path(sampleHash) }),
      ...(classes.length > 0 && { classes }),
      metrics: builtInMetrics(metrics),
      maxBytes: maxFileBytes,
    },
    signal,
  );
  if (verdict.kind === 'rejected') {
    const { errors, moreErrors } = verdict.report;
    return { kind: 'rejected', reason: errors[0]?.message ?? 'The file can’t be scored.', errors, moreErrors };
  }
  const { scores, hits, notices } = verdict;
  return { kind: 'scored', scores, hits: new Map(Object.entries(hits)), notices };
}

function merged(a: Scores, b: Scores): Scores {
  return { public: { ...a.public, ...b.public }, private: { ...a.private, ...b.private } };
}

/** Adds what the boards sort by, from the best down: where a lower value is better it is the negative one. */
function ranked(
  held: Pick<Claim, 'metrics' | 'customMetric'>,
  counted: Counted | Extract<Verdict, { kind: 'rejected' }>,
): Verdict {
  if (counted.kind === 'rejected') return counted;
  const [primary = ''] = held.metrics;
  const valueOf = (board: 'public' | 'private') => {
    const value = counted.scores[board][primary]?.value;
    return value === undefined ? null : rankSign(held) * value;
  };
  return { ...counted, publicValue: valueOf('public'), privateValue: valueOf('private') };
}

/** What a score is multiplied by to be ranked by, and what is ranked by to be shown. */
export function rankSign({ metrics, customMetric }: Pick<Claim, 'metrics' | 'customMetric'>): 1 | -1 {
  return metrics[0] === customMetricName && customMetric?.higherIsBetter === false ? -1 : 1;
}
