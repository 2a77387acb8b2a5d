import type { Accommodation } from '../../../core/contract/dates.ts';
import { formatCount } from '../format/number.ts';

/** What somebody has, in a few words; of the two, what makes a due time later counts. */
export function accommodationText({ extraDays, timeFactor }: Pick<Accommodation, 'extraDays' | 'timeFactor'>): string {
  const parts = [
    extraDays > 0 ? `${formatCount(extraDays, 'day')} more` : undefined,
    timeFactor > 1 ? `${timeFactor} times the time from opening to due` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 2 ? `${parts.join(', or ')}, whichever is later` : (parts[0] ?? 'no more time');
}
