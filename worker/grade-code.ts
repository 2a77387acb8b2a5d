import type { SubmissionNeeds } from '../core/contract/runs.ts';
import type { Claim } from '../core/submissions/claim.ts';
import type { Verdict } from '../core/submissions/verdict.ts';
import { runCode, type Place } from './run/run-code.ts';
import { mayTell } from './run/spec.ts';
import { rankSign, score } from './score.ts';
import type { Services } from './services.ts';

/** A place where one program may run, taken before a submission is claimed: what waits for one is still queued. */
export interface Slot extends Place {
  readonly needs: Exclude<SubmissionNeeds, 'score'>;
}

/** Runs a submission's code, without labels, then scores what it wrote as if that had been sent. */
export async function gradeCode(services: Services, held: Claim, slot: Slot, signal: AbortSignal): Promise<Verdict> {
  const ran = await runCode(services, held, slot, signal);
  const verdict: Verdict =
    ran.kind === 'refused'
      ? { kind: 'rejected', reason: ran.reason, errors: ran.errors, moreErrors: 0 }
      : held.answerKeyHash === null
        ? unscored(held)
        : discreet(held, await score(services, held, services.blobs.path(ran.hash), signal));
  if (held.claimedHash !== null) return verified(held, verdict);
  if (ran.kind !== 'predictions') return verdict;
  if (verdict.kind === 'scored') return { ...verdict, notices: [...ran.notices, ...verdict.notices] };
  // What is wrong with the file may come of what was killed.
  if (verdict.kind === 'rejected') return { ...verdict, reason: [placed(held, verdict), ...ran.notices].join(' ') };
  return verdict;
}

/** The reason with its place in the file: of a run one sentence is shown, beside its log. */
function placed({ runSettings }: Claim, { reason, errors: [first] }: Extract<Verdict, { kind: 'rejected' }>): string {
  if (first?.line === undefined) return reason;
  const column = first.column === undefined ? '' : `, ${first.column}`;
  return `${runSettings.output}, line ${first.line}${column}: ${reason}`;
}

/** Staff try code out before there is an answer key. It keeps what it wrote: once the key is there, a rescore scores it. */
function unscored({ runSettings }: Claim): Verdict {
  const reason = `The code ran to its end and wrote ${runSettings.output}. There is no answer key yet, so nothing was scored.`;
  return { kind: 'rejected', reason, errors: [], moreErrors: 0 };
}

/** A verdict on what a program wrote, for an author who may not learn what that was: a scorer's words quote what it was given. */
export function discreet(held: Claim, verdict: Verdict): Verdict {
  if (mayTell(held)) return verdict;
  if (verdict.kind === 'scored') return { ...verdict, notices: [] };
  if (verdict.kind !== 'rejected') return verdict;
  const reason = `${held.runSettings.output} can’t be scored. What is wrong with it is shown to the staff only, since the run had hidden inputs.`;
  return { kind: 'rejected', reason, errors: [], moreErrors: 0, detail: verdict.reason };
}

/** What a rerun says about the predictions that came with the code. Private values decide with, and are not told. */
function verified(held: Claim, verdict: Verdict): Verdict {
  if (verdict.kind === 'rejected') return { kind: 'verified', notice: `Not verified: ${verdict.reason}` };
  if (verdict.kind === 'verified') return verdict;
  const { publicValue, privateValue, scores } = verdict;
  if (same(publicValue, held.publicValue) && same(privateValue, held.privateValue))
    return {
      kind: 'verified',
      scores,
      notice: `Verified: the code scores ${shown(held, publicValue)}, as the sent predictions do.`,
    };
  const notice = same(publicValue, held.publicValue)
    ? 'Not verified: the code’s predictions differ from those sent, on rows that the public score does not count.'
    : `Not verified: the code scores ${shown(held, publicValue)}, the sent predictions ${shown(held, held.publicValue)}.`;
  return { kind: 'verified', scores, notice };
}

function same(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) < 1e-9);
}

function shown(held: Claim, value: number | null): string {
  return value === null ? 'nothing' : (rankSign(held) * value).toFixed(4);
}
