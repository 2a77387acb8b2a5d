import type { Lateness } from '../../../core/contract/dates.ts';
import { formatDuration } from '../format/time.ts';

/** How late a submission is, and what that costs if it counts. */
export function lateTitle({ seconds, penaltyPercent }: Lateness): string {
  const late = `${formatDuration(seconds)} late`;
  if (penaltyPercent === null) return `${late}: its days are taken from the late days`;
  return penaltyPercent === 0 ? late : `${late}: ${penaltyPercent} % less if it counts`;
}
