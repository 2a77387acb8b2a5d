import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCompetition } from '../competition/use-competition.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { InviteCard } from './invite-card.tsx';
import { JoinOffer } from './join-offer.tsx';
import { MembersCard } from './members-card.tsx';
import { teamworkQuery } from './queries.ts';
import { ReceivedCard } from './received-card.tsx';
import classes from './teams.module.css';

const route = getRouteApi('/signed-in/competitions/$slug/team');

/** How long it may take until an invitation is seen. */
const REFRESH_MS = 30_000;

/** For students: who is in their team, who is invited, and what can be changed until when. */
export function TeamPage() {
  const { competition, staff } = useCompetition();
  const { join } = route.useSearch();
  const { slug, timeZone, title } = competition;
  const query = useQuery({ ...teamworkQuery(slug), enabled: !staff, refetchInterval: REFRESH_MS });
  if (staff)
    return (
      <EmptyState page title="This page is for students">
        You find their teams under “Teams”.
      </EmptyState>
    );
  const teamwork = query.data;
  return (
    <section className={classes.page} aria-label="My team">
      <PageTitle parts={['My team', title]} />
      {query.isError ? <Failure error={query.error} title="Your team could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={240} aria-label="Loading your team" /> : null}
      {join === undefined ? null : <JoinOffer key={join} code={join} />}
      {teamwork ? (
        <>
          <p>
            {teamwork.maxTeamSize === 1
              ? 'In this competition everybody is alone.'
              : `Up to ${teamwork.maxTeamSize} of you can be a team: you submit together, share the limits and one line on the leaderboard, and are graded each for yourselves.`}
            {teamwork.locksAt === null || teamwork.maxTeamSize === 1 ? null : (
              <>
                {' '}
                Teams can be changed until <When at={teamwork.locksAt} timeZone={timeZone} />.
              </>
            )}
          </p>
          {teamwork.received.map((received) => (
            <ReceivedCard key={received.id} received={received} submitted={teamwork.submitted} />
          ))}
          <MembersCard teamwork={teamwork} />
          <InviteCard teamwork={teamwork} />
        </>
      ) : null}
    </section>
  );
}
