import { Button, CopyButton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type Invitation, inviteMembers } from '../../../core/contract/passwords.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { formatCount } from '../format/number.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { membersQuery } from './queries.ts';
import classes from './roster.module.css';

/** Links for those who have never been here. */
export function Invitations() {
  const { slug } = useCourse();
  const members = useQuery(membersQuery(slug));
  const invite = useMutation({ mutationFn: () => call(inviteMembers, { params: { course: slug }, body: {} }) });
  const waiting = members.data?.filter(({ hasPassword, droppedAt }) => !hasPassword && droppedAt === null).length ?? 0;
  return (
    <section className="card stack" aria-label="Invitations">
      <div>
        <h2>Invitations</h2>
        <p className="dim">
          {waiting === 0
            ? 'Everybody in the course has set a password.'
            : `${formatCount(waiting, 'person has', 'people have')} no password yet. A link sets it: once, within 14 days. New links take the place of earlier ones.`}
        </p>
      </div>
      {waiting > 0 ? (
        <div>
          <Button loading={invite.isPending} onClick={() => invite.mutate()}>
            Invite {waiting === 1 ? 'this person' : `these ${waiting}`}
          </Button>
        </div>
      ) : null}
      {invite.isError ? <Failure error={invite.error} title="Nobody was invited" /> : null}
      {invite.data ? <Made invitations={invite.data.invitations} /> : null}
    </section>
  );
}

function Made({ invitations }: { invitations: readonly Invitation[] }) {
  const mailed = invitations.filter((invitation) => invitation.mailed).length;
  const toPassOn = invitations.flatMap(({ email, url }) => (url === null ? [] : [`${email}\t${url}`]));
  return (
    <Notice
      tone="good"
      title={mailed > 0 ? `Mailed to ${formatCount(mailed, 'person', 'people')}` : 'Pass these links on yourself'}
    >
      <div className="stack">
        <CopyButton value={toPassOn.join('\n')} timeout={2000}>
          {({ copied, copy }) => (
            <div>
              <Button size="xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy all links'}
              </Button>
            </div>
          )}
        </CopyButton>
        <div className={classes.scroll}>
          <table className={classes.table}>
            <caption className="visually-hidden">Invitations</caption>
            <tbody>
              {invitations.map(({ userId, name, email, url, mailed: sent }) => (
                <tr key={userId}>
                  <th scope="row">
                    {name} <span className="dim">{email}</span>
                  </th>
                  <td>{url === null ? <NotYours mailed={sent} /> : <code>{url}</code>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Notice>
  );
}

function NotYours({ mailed }: { mailed: boolean }) {
  return (
    <span className="dim">
      is in another course too, so the link is {mailed ? 'only mailed' : 'a site admin’s to make'}
    </span>
  );
}
