import type { LatePolicy } from '../../../core/contract/dates.ts';

/** What being late costs, in a few words; undefined where it costs nothing. */
export function latePolicyText(policy: LatePolicy): string | undefined {
  if (policy.kind === 'none') return undefined;
  if (policy.kind === 'bank') return 'taken from the late days';
  const most = policy.cap === undefined || policy.cap >= 100 ? '' : `, at most ${policy.cap} %`;
  return `−${policy.percent} % per started ${policy.per}${most}`;
}
