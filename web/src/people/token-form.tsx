import { Button, CopyButton, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { createToken } from '../../../core/contract/people.ts';
import { call } from '../api/call.ts';
import { tokensQuery } from '../api/queries.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { KaggleAccess } from './kaggle-access.tsx';
import classes from './tokens-page.module.css';

const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '120', label: '120 days (a term)' },
  { value: '365', label: 'a year' },
  { value: '', label: 'never' },
];

export function TokenForm() {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState('120');
  const make = useMutation({
    mutationFn: () => call(createToken, { body: { name, expiresInDays: days === '' ? undefined : Number(days) } }),
    onSuccess: async () => {
      setName('');
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <>
      <form className={`card ${classes.form}`} onSubmit={submit}>
        <TextInput
          label="Name"
          placeholder="laptop, colab, …"
          required
          withAsterisk={false}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Expires"
          data={lifetimes}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <Button type="submit" loading={make.isPending}>
          Make a token
        </Button>
      </form>
      {make.isError ? <Failure error={make.error} title="No token was made" /> : null}
      {make.data === undefined ? null : (
        <Notice tone="good" title={`Copy “${make.data.name}” now: it is not shown again`}>
          <div className={classes.secret}>
            <code className={classes.secretText}>{make.data.token}</code>
            <CopyButton value={make.data.token} timeout={2000}>
              {({ copied, copy }) => (
                <Button size="xs" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </div>
          <KaggleAccess token={make.data.token} />
        </Notice>
      )}
    </>
  );
}
