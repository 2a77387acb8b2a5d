import { Button, PasswordInput, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { getPasswordLink, setPassword } from '../../../core/contract/passwords.ts';
import { call } from '../api/call.ts';
import { changePerson } from '../api/session.ts';
import { ButtonLink } from '../ui/links.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './sign-in-page.module.css';

const route = getRouteApi('/set-password/$token');

/** Where an invitation, a forgotten password or a request to join leads. */
export function SetPasswordPage() {
  const { token } = route.useParams();
  const queryClient = useQueryClient();
  const [password, setTyped] = useState('');
  const save = useMutation({
    mutationFn: () => call(setPassword, { body: { token, password } }),
    // All sessions of the person have ended, this browser's perhaps among them.
    onSuccess: () => changePerson(queryClient, null),
  });
  const link = useQuery({
    queryKey: ['password-link', token],
    // Once it is used there is nothing more to ask.
    enabled: !save.isSuccess,
    retry: false,
    queryFn: ({ signal }) => call(getPasswordLink, { params: { token }, signal }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <div className={classes.page}>
      <PageTitle parts={['Set your password']} />
      <form className={`card stack ${classes.form}`} onSubmit={submit}>
        <h1>Set your password</h1>
        {link.isPending ? <Skeleton height={120} aria-label="Looking at the link" /> : null}
        {link.isError && !save.isSuccess ? <Failure error={link.error} title="This link can’t be used" /> : null}
        {save.isSuccess ? (
          <Notice tone="good" title="Your password is set">
            <ButtonLink to="/sign-in">Sign in as {save.data.email}</ButtonLink>
          </Notice>
        ) : null}
        {link.data && !save.isSuccess ? (
          <>
            <p className="dim">
              for {link.data.email}
              {link.data.course === null ? null : `, to join ${link.data.course}`}
            </p>
            <input type="hidden" name="email" autoComplete="username" value={link.data.email} readOnly />
            <PasswordInput
              label="New password"
              description="At least 10 characters"
              name="password"
              autoComplete="new-password"
              required
              withAsterisk={false}
              minLength={10}
              autoFocus
              value={password}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            {save.isError ? <Failure error={save.error} title="It was not set" /> : null}
            <Button type="submit" size="md" loading={save.isPending}>
              Set the password
            </Button>
          </>
        ) : null}
      </form>
    </div>
  );
}
