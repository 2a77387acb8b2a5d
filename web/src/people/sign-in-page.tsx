import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { signIn } from '../../../core/contract/people.ts';
import { call } from '../api/call.ts';
import { changePerson } from '../api/session.ts';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { localAddress } from './local-address.ts';
import classes from './sign-in-page.module.css';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({
    mutationFn: () => call(signIn, { body: { email, password } }),
    onSuccess: (me) => {
      changePerson(queryClient, me);
      router.history.replace(localAddress(next));
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <div className={classes.page}>
      <PageTitle parts={['Sign in']} />
      <form className={`card stack ${classes.form}`} onSubmit={submit}>
        <div>
          <h1>Sign in</h1>
          <p className="dim">with the account of your course</p>
        </div>
        {enter.isError ? <Failure error={enter.error} title="You are not signed in" /> : null}
        <TextInput
          label="E-mail address"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={enter.isPending}>
          Sign in
        </Button>
        <Link to="/forgot-password">Forgot your password?</Link>
      </form>
    </div>
  );
}
