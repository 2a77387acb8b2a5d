import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { forgotPassword } from '../../../core/contract/passwords.ts';
import { call } from '../api/call.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import classes from './sign-in-page.module.css';

export function ForgotPasswordPage() {
  const [email, setEmail] = useState('');
  const ask = useMutation({ mutationFn: () => call(forgotPassword, { body: { email } }) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <div className={classes.page}>
      <PageTitle parts={['Forgot your password?']} />
      <form className={`card stack ${classes.form}`} onSubmit={submit}>
        <div>
          <h1>Forgot your password?</h1>
          <p className="dim">A link that sets a new one is sent to your address.</p>
        </div>
        {ask.isError ? <Failure error={ask.error} title="No mail was sent" /> : null}
        {ask.isSuccess ? (
          <Notice tone="good" title="Look into your mail">
            If there is an account with this address, a link is on its way to it.
          </Notice>
        ) : null}
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
        <Button type="submit" size="md" loading={ask.isPending}>
          Send the link
        </Button>
        <Link to="/sign-in">Back to signing in</Link>
      </form>
    </div>
  );
}
