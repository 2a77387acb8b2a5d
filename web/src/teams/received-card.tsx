import { Button } from '@mantine/core';
import { acceptInvitation, declineInvitation, type Teamwork } from '../../../core/contract/teamwork.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { useTeamChange } from './queries.ts';
import { companyText, comesAlong } from './words.ts';

type Received = Teamwork['received'][number];

/** An invitation to me, or a proposal to my team. */
export function ReceivedCard({ received, submitted }: { received: Received; submitted: boolean }) {
  const { id, merge, from, members, hindrance } = received;
  const { slug } = useCompetition().competition;
  const params = { slug, id };
  const accept = useTeamChange(slug, () => call(acceptInvitation, { params }));
  const decline = useTeamChange(slug, () => call(declineInvitation, { params }));
  const error = accept.error ?? decline.error;
  return (
    <section className="card stack" aria-label={`Invitation from ${from}`}>
      <div>
        <h2>{merge ? `${from} proposes that your teams become one` : `${from} invites you`}</h2>
        <p>
          {companyText(members)} {comesAlong(merge, submitted)}
        </p>
      </div>
      {hindrance === null ? null : <p className="dim">{hindrance}</p>}
      {error === null ? null : <Failure error={error} />}
      <div className="row">
        <Button disabled={hindrance !== null} loading={accept.isPending} onClick={() => accept.mutate(undefined)}>
          {merge ? 'Become one team' : 'Join'}
        </Button>
        <Button variant="default" loading={decline.isPending} onClick={() => decline.mutate(undefined)}>
          Decline
        </Button>
      </div>
    </section>
  );
}
