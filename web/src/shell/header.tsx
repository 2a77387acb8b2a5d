import { Menu, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { signOut } from '../../../core/contract/people.ts';
import { call } from '../api/call.ts';
import { meQuery } from '../api/queries.ts';
import { changePerson } from '../api/session.ts';
import classes from './shell.module.css';

export function Header() {
  const me = useQuery(meQuery).data;
  return (
    <header className={classes.header}>
      <div className={classes.headerInner}>
        <Link to="/" className={classes.brand}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M3 5h18" stroke="#f2b134" />
            <path d="M3 12h12" stroke="#7fd1bd" />
            <path d="M3 19h7" stroke="#4a9c8c" />
          </svg>
          <span aria-label="Topk">
            Top<sub>k</sub>
          </span>
        </Link>
        <AccountMenu name={me?.name} />
      </div>
    </header>
  );
}

const schemes = [
  { value: 'auto', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
] as const;

/** Without a name nobody is signed in, and only the appearance is left to choose. */
function AccountMenu({ name }: { name: string | undefined }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => call(signOut, {}),
    onSettled: async () => {
      changePerson(queryClient, null);
      await navigate({ to: '/sign-in' });
    },
  });
  return (
    <Menu position="bottom-end" width={220} shadow="md" returnFocus>
      <Menu.Target>
        <button type="button" className={classes.account}>
          <span className={classes.accountName}>{name ?? 'Appearance'}</span>
          <span aria-hidden="true">▾</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {name === undefined ? null : (
          <>
            <Menu.Item renderRoot={(props) => <Link to="/" {...props} />}>Competitions</Menu.Item>
            <Menu.Item renderRoot={(props) => <Link to="/tokens" {...props} />}>API tokens</Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(({ value, text }) => (
          <Menu.RadioItem
            key={value}
            value={value}
            checked={colorScheme === value}
            onChange={() => setColorScheme(value)}
          >
            {text}
          </Menu.RadioItem>
        ))}
        {name === undefined ? null : (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => leave.mutate()}>Sign out</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
