import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addRegradeMessage, decideRegrade, type Regrade } from '../../../core/contract/regrades.ts';
import { call } from '../api/call.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import classes from './grades.module.css';
import { readGradesAgain } from './queries.ts';

/** A regrade request with all that was written about it; for staff, who see whose it is, with its outcome to be decided. */
export function RegradeThread({ regrade, timeZone }: { regrade: Regrade; timeZone: string }) {
  const { id, state, openedAt, student, messages } = regrade;
  const title = student ? `Regrade request of ${student.name}` : 'Regrade request';
  return (
    <article id={`regrade-${id}`} className="card stack" aria-label={title} data-state={state}>
      <header>
        <h2>{title}</h2>
        <p className="dim">
          {state}, asked <When at={openedAt} timeZone={timeZone} />
        </p>
      </header>
      <ol className={classes.thread}>
        {messages.map((message) => (
          <li key={message.id}>
            <p className="label">
              {message.name ?? (message.author === 'staff' ? 'Staff' : 'You')},{' '}
              <When at={message.at} timeZone={timeZone} />
            </p>
            <p className={classes.because}>{message.text}</p>
          </li>
        ))}
      </ol>
      {state === 'open' ? <Reply id={id} decides={student !== undefined} /> : null}
    </article>
  );
}

function Reply({ id, decides }: { id: number; decides: boolean }) {
  const queryClient = useQueryClient();
  const [text, write] = useState('');
  const send = useMutation({
    mutationFn: (outcome: 'granted' | 'declined' | undefined) =>
      outcome === undefined
        ? call(addRegradeMessage, { params: { id }, body: { text } })
        : call(decideRegrade, { params: { id }, body: { outcome, text } }),
    onSuccess: async () => {
      write('');
      await readGradesAgain(queryClient);
    },
  });
  const idle = text.trim() === '' || send.isPending;
  return (
    <div className="stack">
      <Textarea
        label={decides ? 'Answer, or the outcome with why' : 'Add to it'}
        rows={3}
        maxLength={10_000}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
      />
      {send.isError ? <Failure error={send.error} title="It was not sent" /> : null}
      <div className={classes.actions}>
        {decides ? (
          <>
            <Button variant="default" disabled={idle} onClick={() => send.mutate('declined')}>
              Decline and close
            </Button>
            <Button variant="default" disabled={idle} onClick={() => send.mutate('granted')}>
              Grant and close
            </Button>
          </>
        ) : null}
        <Button disabled={idle} onClick={() => send.mutate(undefined)}>
          Send
        </Button>
      </div>
    </div>
  );
}
