import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { createHook, editHook, type Hook, type HookEvent, type HookFormat } from '../../../core/contract/hooks.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { Failure } from '../ui/notice.tsx';
import { Unsaved } from '../ui/unsaved.tsx';
import classes from './hooks.module.css';
import { hooksKey } from './queries.ts';
import type { ShownSecret } from './secret-notice.tsx';
import { eventChoices, eventWords, formatChoices, formatOf, placeholders } from './words.ts';

interface Props {
  /** What is edited; undefined: a new one. */
  readonly hook: Hook | undefined;
  /** With the secret of a new one; with nothing where it was cancelled or only changed. */
  readonly onDone: (made?: ShownSecret) => void;
}

/** A hook while it is made or changed. */
export function HookForm({ hook, onDone }: Props) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [name, setName] = useState(hook?.name ?? '');
  const [format, setFormat] = useState<HookFormat>(hook?.format ?? 'json');
  const [url, setUrl] = useState('');
  const [given] = useState<readonly HookEvent[]>(() => hook?.events ?? eventChoices.map(({ event }) => event));
  const [events, setEvents] = useState(given);
  const isChanged =
    name !== (hook?.name ?? '') ||
    format !== (hook?.format ?? 'json') ||
    url !== '' ||
    events.length !== given.length ||
    !given.every((event) => events.includes(event));
  const save = useMutation({
    mutationFn: async () => {
      if (hook === undefined) {
        const made = await call(createHook, {
          params: { course: slug },
          body: { name, url, format, events: [...events] },
        });
        return { hookId: made.hook.id, name: made.hook.name, secret: made.secret };
      }
      await call(editHook, {
        params: { course: slug, id: hook.id },
        body: { name, ...(url.trim() !== '' && { url }), events: [...events] },
      });
      return undefined;
    },
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: hooksKey(slug) });
      onDone(made);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const toggle = (event: HookEvent, on: boolean) =>
    setEvents(on ? [...events, event] : events.filter((other) => other !== event));
  return (
    <form className="card stack" aria-label={hook === undefined ? 'A new hook' : `Edit ${hook.name}`} onSubmit={submit}>
      <Unsaved changed={isChanged} />
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        maxLength={100}
        value={name}
        autoFocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {hook === undefined ? (
        <NativeSelect
          label="Form"
          data={[...formatChoices]}
          value={format}
          onChange={(event) => setFormat(formatOf(event.currentTarget.value))}
        />
      ) : null}
      <TextInput
        label="Address"
        description={
          hook === undefined
            ? 'https, and of the public internet'
            : `It is sent to ${hook.place}. Leave this empty to keep it.`
        }
        type="url"
        required={hook === undefined}
        withAsterisk={false}
        maxLength={2000}
        placeholder={placeholders[format]}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <fieldset className={classes.events}>
        <legend>When</legend>
        {eventChoices.map(({ event, description }) => (
          <Checkbox
            key={event}
            label={eventWords[event]}
            description={description}
            checked={events.includes(event)}
            onChange={({ currentTarget: { checked } }) => toggle(event, checked)}
          />
        ))}
      </fieldset>
      {save.isError ? <Failure error={save.error} title="It was not saved" /> : null}
      <div className={classes.actions}>
        <Button variant="subtle" onClick={() => onDone()}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending} disabled={name.trim() === '' || events.length === 0}>
          {hook === undefined ? 'Add it and send a test' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
