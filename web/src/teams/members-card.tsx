import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { leaveTeam, type Teamwork } from '../../../core/contract/teamwork.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { useTeamChange } from './queries.ts';
import classes from './teams.module.css';

/** Who is in my team, and how it is left. */
export function MembersCard({ teamwork }: { teamwork: Teamwork }) {
  const { members, hindrances, maxTeamSize } = teamwork;
  const [leaving, setLeaving] = useState(false);
  const isAlone = members.length === 1;
  return (
    <section className="card stack" aria-label="Members">
      <div className="row spread">
        <h2>{isAlone ? 'You are alone so far' : 'Your team'}</h2>
        <span className="label">
          {members.length} of {Math.max(maxTeamSize, members.length)}
        </span>
      </div>
      <ul className={classes.people}>
        {members.map(({ name, me }, index) => (
          <li key={index}>
            {name}
            {me ? <span className="dim"> (you)</span> : null}
          </li>
        ))}
      </ul>
      <p className="dim">Classmates outside your team are not told who is in it.</p>
      {isAlone ? null : hindrances.leave === null ? (
        <div>
          <Button variant="default" onClick={() => setLeaving(true)}>
            Leave the team
          </Button>
        </div>
      ) : (
        <p className="dim">{hindrances.leave}</p>
      )}
      {leaving ? <LeaveDialog onClose={() => setLeaving(false)} /> : null}
    </section>
  );
}

function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { slug } = useCompetition().competition;
  const leave = useTeamChange(slug, () => call(leaveTeam, { params: { slug } }), onClose);
  return (
    <Modal opened onClose={onClose} title="Leave the team?" centered>
      <div className="stack">
        <p>You are alone then. You can only come back if they let you in again.</p>
        {leave.isError ? <Failure error={leave.error} title="You have not left" /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Stay
          </Button>
          <Button color="red.9" loading={leave.isPending} onClick={() => leave.mutate(undefined)}>
            Leave
          </Button>
        </div>
      </div>
    </Modal>
  );
}
