import type { Competition } from '../../../core/contract/competitions.ts';
import type { Phase } from '../../../core/contract/phases.ts';
import { When } from '../ui/instant.tsx';

/** A phase's dates as terms of a description list, in the course's zone: when it opens, while that is to come, and when it is due. */
export function PhaseDates({ competition, phase }: { competition: Competition; phase: Phase }) {
  const { timeZone } = competition;
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
        <dt className="label">Due</dt>
        <dd>{phase.dueAt === null ? 'no due date' : <When at={phase.dueAt} timeZone={timeZone} />}</dd>
      </div>
    </>
  );
}
