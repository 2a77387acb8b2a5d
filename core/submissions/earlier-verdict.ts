/**
 * The state that a submission goes back to where a rerun came to nothing: its earlier verdict stands. Reruns keep scores and report until a new
 * verdict replaces them, so what is there tells.
 */
export function earlierVerdictOr(state: 'cancelled' | 'failed'): string {
  return `case
    when scores is not null then 'scored'::submission_state
    when report is not null then 'rejected'::submission_state
    else '${state}'::submission_state
  end`;
}

/** Whether there is an earlier verdict. */
export const hasEarlierVerdict = '(scores is not null or report is not null)';
