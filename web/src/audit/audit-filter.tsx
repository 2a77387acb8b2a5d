import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { SubmitEvent } from 'react';
import type { AuditEntry } from '../../../core/contract/audit.ts';
import { actionInWords } from './action-in-words.ts';
import classes from './audit.module.css';
import type { AuditSearch } from './search.ts';

interface Props {
  readonly search: AuditSearch;
  /** What there is to choose from. */
  readonly actions: readonly string[];
  readonly actors: readonly AuditEntry['actor'][];
}

/** What the log is narrowed down to; kept in the address. */
export function AuditFilter({ search, actions, actors }: Props) {
  const navigate = useNavigate();
  const narrow = (change: AuditSearch) => {
    void navigate({ to: '.', search: (before) => ({ ...before, ...change }), replace: true });
  };
  const find = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('text');
    narrow({ text: typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined });
  };
  return (
    <form className={classes.filter} role="search" aria-label="Search the log" onSubmit={find}>
      <TextInput
        key={search.text}
        name="text"
        type="search"
        label="Text"
        placeholder="a name, a competition, a value"
        maxLength={200}
        defaultValue={search.text}
      />
      <NativeSelect
        label="Act"
        data={[
          { value: '', label: 'all' },
          ...actions.map((action) => ({ value: action, label: actionInWords(action) })),
        ]}
        value={search.action ?? ''}
        onChange={(event) => narrow({ action: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label="By"
        data={[
          { value: '', label: 'all' },
          ...actors.map(({ userId, name }) => ({ value: String(userId), label: name })),
        ]}
        value={search.actor === undefined ? '' : String(search.actor)}
        onChange={(event) => narrow({ actor: Number(event.currentTarget.value) || undefined })}
      />
      <TextInput
        type="date"
        label="From"
        value={search.from ?? ''}
        onChange={(event) => narrow({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label="To"
        value={search.to ?? ''}
        onChange={(event) => narrow({ to: event.currentTarget.value || undefined })}
      />
      <Button type="submit" variant="default">
        Search
      </Button>
    </form>
  );
}
