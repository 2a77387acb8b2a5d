import { Button, CopyButton, NativeSelect, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import {
  endTeamCode,
  inviteToTeam,
  makeTeamCode,
  type Teamwork,
  withdrawInvitation,
} from '../../../core/contract/teamwork.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { useTeamChange } from './queries.ts';
import classes from './teams.module.css';

/** How others come into my team: by their address, by a link, or with their whole team. */
export function InviteCard({ teamwork }: { teamwork: Teamwork }) {
  const { hindrances, invitations } = teamwork;
  return (
    <section className="card stack" aria-label="Invite">
      <h2>Invite</h2>
      {hindrances.invite === null ? (
        <>
          <p className="dim">Whoever you invite sees your name, and how many you are.</p>
          <InviteForm />
          <TeamLink code={teamwork.code} />
        </>
      ) : (
        <p>{hindrances.invite}</p>
      )}
      {invitations.length === 0 ? null : (
        <div>
          <h3>Not answered yet</h3>
          <ul className={classes.people}>
            {invitations.map((invitation) => (
              <Open key={invitation.id} invitation={invitation} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function InviteForm() {
  const { slug } = useCompetition().competition;
  const [email, setEmail] = useState('');
  const [whom, setWhom] = useState('one');
  const invite = useTeamChange(
    slug,
    () => call(inviteToTeam, { params: { slug }, body: { email, merge: whom === 'team' } }),
    () => setEmail(''),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    invite.mutate(undefined);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div className={classes.fields}>
        <TextInput
          className={classes.address}
          label="E-mail address of a classmate"
          type="email"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NativeSelect
          label="Whom you ask"
          value={whom}
          onChange={(event) => setWhom(event.currentTarget.value)}
          data={[
            { value: 'one', label: 'this classmate alone' },
            { value: 'team', label: 'their whole team, to become one' },
          ]}
        />
        <Button type="submit" loading={invite.isPending}>
          Invite
        </Button>
      </div>
      {invite.isError ? <Failure error={invite.error} title="Nobody was invited" /> : null}
    </form>
  );
}

function TeamLink({ code }: { code: string | null }) {
  const { slug } = useCompetition().competition;
  const params = { slug };
  const make = useTeamChange(slug, () => call(makeTeamCode, { params }));
  const end = useTeamChange(slug, () => call(endTeamCode, { params }));
  const error = make.error ?? end.error;
  const link = `${location.origin}/competitions/${slug}/team?join=${code}`;
  return (
    <div className="stack">
      {code === null ? (
        <div className="row">
          <span>Or pass a link on, with which classmates join by themselves.</span>
          <Button variant="default" size="xs" loading={make.isPending} onClick={() => make.mutate(undefined)}>
            Make a link
          </Button>
        </div>
      ) : (
        <div className="stack">
          <p>Classmates who have this link can join:</p>
          <div className="row">
            <code>{link}</code>
            <CopyButton value={link} timeout={2000}>
              {({ copied, copy }) => (
                <Button variant="default" size="xs" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
            <Button variant="default" size="xs" loading={end.isPending} onClick={() => end.mutate(undefined)}>
              End the link
            </Button>
          </div>
        </div>
      )}
      {error === null ? null : <Failure error={error} />}
    </div>
  );
}

function Open({ invitation }: { invitation: Teamwork['invitations'][number] }) {
  const { id, email, merge, from } = invitation;
  const { slug } = useCompetition().competition;
  const withdraw = useTeamChange(slug, () => call(withdrawInvitation, { params: { slug, id } }));
  return (
    <li>
      <div className="row spread">
        <span>
          {email}{' '}
          <span className="dim">
            {merge ? 'and their team' : ''} ({from})
          </span>
        </span>
        <Button
          variant="default"
          size="xs"
          loading={withdraw.isPending}
          aria-label={`Withdraw the invitation to ${email}`}
          onClick={() => withdraw.mutate(undefined)}
        >
          Withdraw
        </Button>
      </div>
      {withdraw.isError ? <Failure error={withdraw.error} /> : null}
    </li>
  );
}
