import { useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { signOut } from '../../../core/contract/people.ts';
import { call } from '../api/call.ts';
import { meQuery } from '../api/queries.ts';
import { changePerson } from '../api/session.ts';
import classes from './account-menu.module.css';

const schemes = [
  { value: 'auto', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
] as const;

/**
 * Behind the name: where else to go, the appearance, signing out. Nobody signed in: only the appearance. A native popover, which brings
 * closing by Escape and by a click beside it, and gives the focus back.
 */
export function AccountMenu() {
  const me = useQuery(meQuery).data;
  const name = me?.name;
  const panel = useRef<HTMLDivElement>(null);
  const close = () => panel.current?.hidePopover();
  return (
    <>
      <button type="button" className={classes.button} popoverTarget="account">
        <span className={classes.name}>{name ?? 'Appearance'}</span>
        <span aria-hidden="true">▾</span>
      </button>
      <div ref={panel} id="account" popover="auto" className={classes.panel}>
        {name === undefined ? null : (
          <nav aria-label="Account" className={classes.group}>
            <Link to="/" className={classes.item} onClick={close}>
              Competitions
            </Link>
            <Link to="/tokens" className={classes.item} onClick={close}>
              API tokens
            </Link>
            {me?.isAdmin === true ? (
              <Link to="/operations" className={classes.item} onClick={close}>
                Operations
              </Link>
            ) : null}
          </nav>
        )}
        <SchemeChoice />
        {name === undefined ? null : <SignOut onDone={close} />}
      </div>
    </>
  );
}

function SchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <fieldset className={classes.group}>
      <legend className="label">Appearance</legend>
      {schemes.map(({ value, text }) => (
        <label key={value} className={classes.item}>
          <input type="radio" name="scheme" checked={colorScheme === value} onChange={() => setColorScheme(value)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

function SignOut({ onDone }: { onDone: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => call(signOut, {}),
    onSuccess: async () => {
      onDone();
      changePerson(queryClient, null);
      await navigate({ to: '/sign-in' });
    },
  });
  return (
    <div className={classes.group}>
      <button type="button" className={classes.item} disabled={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </button>
      {/* Whoever leaves a shared machine must know that the session still stands. */}
      {leave.isError ? <p role="alert">You are still signed in: {leave.error.message}</p> : null}
    </div>
  );
}
