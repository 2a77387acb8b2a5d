import type { CheckResult } from '../../core/contract/submissions.ts';
import { sampleHashOf } from '../competitions/answer-key.ts';
import type { FullCompetition, FullPhase } from '../competitions/cache.ts';
import type { Services } from '../services.ts';
import { requireScorable } from './submit.ts';

/** Validates the file at a path with the code that scores, which is given no metric and so computes no score. */
export async function check(
  services: Services,
  competition: FullCompetition,
  phase: FullPhase,
  file: string,
): Promise<CheckResult> {
  const answerKey = requireScorable(phase);
  const sampleHash = sampleHashOf(competition);
  const verdict = await services.scoring.check({
    file,
    keyFile: services.blobs.path(answerKey.hash),
    keyHash: answerKey.hash,
    ...(sampleHash !== undefined && { sampleFile: services.blobs.path(sampleHash) }),
    ...(competition.classes.length > 0 && { classes: competition.classes }),
    maxBytes: competition.maxFileBytes,
  });
  if (verdict.kind === 'valid')
    return { valid: true, rows: verdict.rows, errors: [], moreErrors: 0, notices: [...verdict.notices] };
  return { valid: false, errors: [...verdict.report.errors], moreErrors: verdict.report.moreErrors, notices: [] };
}
