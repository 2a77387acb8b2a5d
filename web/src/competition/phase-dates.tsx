import type { Competition } from '../../../core/contract/competitions.ts';
import type { Phase } from '../../../core/contract/phases.ts';
import { latePolicyText } from '../dates/late-policy-text.ts';
import { When } from '../ui/instant.tsx';
import { myDates } from './phase.ts';

/** A phase's dates as terms of a description list, in the course's zone, a student's own where they have others: opening, while that is to come, due, and late until. */
export function PhaseDates({ competition, phase }: { competition: Competition; phase: Phase }) {
  const { timeZone } = competition;
  const { dueAt, lateUntil, extended } = myDates(phase);
  const cost = latePolicyText(phase.latePolicy);
  return (
    <>
      {phase.status === 'upcoming' && phase.opensAt !== null ? (
        <div>
          <dt className="label">Opens</dt>
          <dd>
            <When at={phase.opensAt} timeZone={timeZone} />
          </dd>
        </div>
      ) : null}
      <div>
        <dt className="label">{extended ? 'Due for you' : 'Due'}</dt>
        <dd>{dueAt === null ? 'no due date' : <When at={dueAt} timeZone={timeZone} />}</dd>
      </div>
      {lateUntil === null ? null : (
        <div>
          <dt className="label">Late until</dt>
          <dd>
            <When at={lateUntil} timeZone={timeZone} />
            {cost === undefined ? null : <span className="dim"> {cost}</span>}
          </dd>
        </div>
      )}
    </>
  );
}
