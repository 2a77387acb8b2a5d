import { Button, Skeleton, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { askToJoin, getJoinCode, joinCourse } from '../../../core/contract/joining.ts';
import { call } from '../api/call.ts';
import { meQuery } from '../api/queries.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './sign-in-page.module.css';

const route = getRouteApi('/join/$code');

/** Where a course's code leads: in with the account that there is, or to a mail that makes one. */
export function JoinPage() {
  const { code } = route.useParams();
  const me = useQuery(meQuery);
  const target = useQuery({
    queryKey: ['join', code],
    retry: false,
    queryFn: ({ signal }) => call(getJoinCode, { params: { code }, signal }),
  });
  return (
    <div className={classes.page}>
      <PageTitle parts={['Join a course']} />
      <section className={`card stack ${classes.form}`}>
        {target.isPending || me.isPending ? <Skeleton height={160} aria-label="Looking at the code" /> : null}
        {target.isError ? <Failure error={target.error} title="Nobody can join by this code" /> : null}
        {target.data ? (
          <div>
            <h1>Join {target.data.course}</h1>
            <p className="dim">with an address of {target.data.mailDomains.join(' or ')}</p>
          </div>
        ) : null}
        {target.data && me.data ? <JoinWithAccount code={code} email={me.data.email} /> : null}
        {target.data && me.data === null ? <AskForMail code={code} /> : null}
      </section>
    </div>
  );
}

function JoinWithAccount({ code, email }: { code: string; email: string }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const join = useMutation({
    mutationFn: () => call(joinCourse, { params: { code } }),
    onSuccess: async ({ course }) => {
      await queryClient.invalidateQueries();
      await navigate({ to: '/courses/$course', params: { course } });
    },
  });
  return (
    <>
      {join.isError ? <Failure error={join.error} title="You have not joined" /> : null}
      <Button size="md" loading={join.isPending} onClick={() => join.mutate()}>
        Join as {email}
      </Button>
    </>
  );
}

function AskForMail({ code }: { code: string }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const ask = useMutation({ mutationFn: () => call(askToJoin, { params: { code }, body: { email, name } }) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      {ask.isError ? <Failure error={ask.error} title="No mail was sent" /> : null}
      {ask.isSuccess ? (
        <Notice tone="good" title="Look into your mail">
          Follow the link that is on its way to {email}: it sets your password, and you are in.
        </Notice>
      ) : null}
      <TextInput
        label="Name"
        name="name"
        autoComplete="name"
        required
        withAsterisk={false}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="email"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Button type="submit" size="md" loading={ask.isPending}>
        Send me a link
      </Button>
      <p>
        You have an account?{' '}
        <Link to="/sign-in" search={{ next: `/join/${code}` }}>
          Sign in
        </Link>
      </p>
    </form>
  );
}
