import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { joinTeam } from '../../../core/contract/teamwork.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { offerQuery, teamworkQuery, useTeamChange } from './queries.ts';
import { comesAlong, companyText } from './words.ts';

/** Where a team's link leads. */
export function JoinOffer({ code }: { code: string }) {
  const { slug } = useCompetition().competition;
  const navigate = useNavigate();
  const offer = useQuery(offerQuery(slug, code));
  const mine = useQuery(teamworkQuery(slug));
  const close = () => void navigate({ to: '.', search: (search) => ({ ...search, join: undefined }), replace: true });
  const join = useTeamChange(slug, () => call(joinTeam, { params: { slug, code } }), close);
  if (offer.isPending) return <Skeleton height={120} aria-label="Looking at the link" />;
  if (offer.isError) return <Failure error={offer.error} title="Nobody can join by this link" />;
  const { from, members, hindrance } = offer.data;
  return (
    <section className="card stack" aria-label="Join a team">
      <div>
        <h2>Join the team of {from}?</h2>
        <p>
          {companyText(members)} {comesAlong(false, mine.data?.submitted ?? false)}
        </p>
      </div>
      {hindrance === null ? null : <p className="dim">{hindrance}</p>}
      {join.isError ? <Failure error={join.error} title="You have not joined" /> : null}
      <div className="row">
        <Button disabled={hindrance !== null} loading={join.isPending} onClick={() => join.mutate(undefined)}>
          Join
        </Button>
        <Button variant="default" onClick={close}>
          Not now
        </Button>
      </div>
    </section>
  );
}
