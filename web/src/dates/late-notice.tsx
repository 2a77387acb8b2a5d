import type { Phase } from '../../../core/contract/phases.ts';
import { myDates } from '../competition/phase.ts';
import { useNow, When } from '../ui/instant.tsx';
import { Notice } from '../ui/notice.tsx';
import { latePolicyText } from './late-policy-text.ts';

/** Before something is submitted after its due time: that it is late, and what that costs. */
export function LateNotice({ phase, timeZone }: { phase: Phase; timeZone: string }) {
  const now = useNow();
  const { dueAt, closesAt } = myDates(phase);
  if (dueAt === null || closesAt === null || now <= Date.parse(dueAt) + phase.graceMinutes * 60_000) return null;
  const cost = latePolicyText(phase.latePolicy);
  return (
    <Notice tone="signal" title="What you submit now is late">
      It was due <When at={dueAt} timeZone={timeZone} />, and is taken until <When at={closesAt} timeZone={timeZone} />.
      {cost === undefined ? null : ` Being late costs: ${cost}.`}
    </Notice>
  );
}
