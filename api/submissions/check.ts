import { isCustomOnly } from '../../core/contract/scores.ts';
import type { CheckResult } from '../../core/contract/submissions.ts';
import { sampleHashOf } from '../competitions/answer-key.ts';
import type { FullCompetition, FullPhase } from '../competitions/cache.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { kindOfSent, type SentFile } from './sent.ts';
import { requireScorable } from './submit.ts';

/**
 * Validates a file: predictions with the code that scores, which is given no metric and so computes no score; code as it would be taken.
 * @throws AppError kind-not-accepted
 */
export async function check(
  services: Services,
  competition: FullCompetition,
  phase: FullPhase,
  file: SentFile,
): Promise<CheckResult> {
  try {
    const kind = await kindOfSent(phase, file);
    if (kind === 'predictions') return await checkPredictions(services, competition, phase, file.path);
  } catch (error) {
    if (!(error instanceof AppError) || error.type !== 'code-rejected') throw error;
    return { valid: false, errors: [...(error.extra.errors ?? [])], moreErrors: 0, notices: [] };
  }
  return { valid: true, errors: [], moreErrors: 0, notices: [] };
}

async function checkPredictions(
  services: Services,
  competition: FullCompetition,
  phase: FullPhase,
  file: string,
): Promise<CheckResult> {
  const answerKey = requireScorable(phase);
  // Whatever else may be said of it only the metric knows, which runs with the labels and so would tell a score.
  if (isCustomOnly(competition.metrics))
    return {
      valid: true,
      errors: [],
      moreErrors: 0,
      notices: ['This competition’s own metric checks files as it scores them.'],
    };
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
