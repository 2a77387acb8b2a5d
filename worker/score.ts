import type { Claim } from '../core/submissions/claim.ts';
import type { Verdict } from '../core/submissions/finish.ts';
import type { Services } from './services.ts';

/** Scores a predictions file in a worker thread. Rejects for our own faults only; whatever is wrong with the file is a verdict. */
export async function score({ scoring, blobs }: Services, held: Claim, signal: AbortSignal): Promise<Verdict> {
  const { answerKeyHash, sampleHash, metrics, classes } = held;
  const [primary] = metrics;
  if (answerKeyHash === null) throw new Error('the phase has no answer key');
  if (primary === undefined) throw new Error('the competition has no metric');
  const verdict = await scoring.score(
    {
      file: blobs.path(held.fileHash),
      keyFile: blobs.path(answerKeyHash),
      keyHash: answerKeyHash,
      ...(sampleHash !== null && { sampleFile: blobs.path(sampleHash) }),
      ...(classes.length > 0 && { classes }),
      metrics,
      maxBytes: held.maxFileBytes,
    },
    signal,
  );
  if (verdict.kind === 'rejected') {
    const { errors, moreErrors } = verdict.report;
    return { kind: 'rejected', reason: errors[0]?.message ?? 'The file can’t be scored.', errors, moreErrors };
  }
  return {
    kind: 'scored',
    scores: verdict.scores,
    publicValue: verdict.scores.public[primary]?.value ?? null,
    privateValue: verdict.scores.private[primary]?.value ?? null,
    hits: new Map(Object.entries(verdict.hits)),
    notices: verdict.notices,
  };
}
