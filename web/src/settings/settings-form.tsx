import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { editCompetition } from '../../../core/contract/competitions.ts';
import { call } from '../api/call.ts';
import { ApiProblem } from '../api/problem.ts';
import { competitionQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { Unsaved } from '../ui/unsaved.tsx';
import { AttachmentFields } from './attachment-fields.tsx';
import { CountingFields } from './counting-fields.tsx';
import { DateFields } from './date-fields.tsx';
import type { FieldsProps } from './fields.ts';
import { LateFields } from './late-fields.tsx';
import { LimitFields } from './limit-fields.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { changedSettings, type Settings, settingsOf } from './settings.ts';
import { TeamFields } from './team-fields.tsx';
import { draftOf, editOf, type FieldErrors, fieldOf, inWords, settingsFrom } from './settings-draft.ts';
import classes from './settings.module.css';

const noErrors: FieldErrors = new Map();

/** What else of the page may be another one now. */
const moved = [
  'competition',
  'competitions',
  'leaderboard',
  'final',
  'grades',
  'submissions',
  'allowance',
  'late-days',
  'teams',
];

/** The settings while they are typed. Nothing is sent before it was seen what it would change. */
export function SettingsForm() {
  const { competition, phase } = useCompetition();
  const { slug, timeZone } = competition;
  const queryClient = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [before, setBefore] = useState(() => settingsOf(competition, phase));
  const [draft, setDraft] = useState(() => draftOf(before, timeZone));
  const [attempts, setAttempts] = useState(0);
  const [refused, setRefused] = useState(noErrors);
  const [reviews, review] = useState(false);
  const { settings: after, errors: found } = settingsFrom(draft, before, timeZone);
  const errors: FieldErrors = attempts === 0 ? noErrors : new Map([...refused, ...found]);
  const changed = changedSettings(before, after).length;

  const start = (settings: Settings) => {
    setBefore(settings);
    setDraft(draftOf(settings, timeZone));
    setAttempts(0);
    setRefused(noErrors);
    review(false);
  };
  const save = useMutation({
    mutationFn: () =>
      call(editCompetition, { params: { slug }, query: { phase: phase.slug }, body: bodyOf(before, after) }),
    onSuccess: async (saved) => {
      queryClient.setQueryData(competitionQuery(slug).queryKey, saved);
      const kept = saved.phases.find((one) => one.slug === phase.slug);
      if (kept !== undefined) start(settingsOf(saved, kept));
      await Promise.all(moved.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));
    },
    onError: (error) => {
      review(false);
      setRefused(fieldErrorsOf(error));
      setAttempts((count) => count + 1);
    },
  });
  useEffect(() => {
    if (attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.reset();
    setRefused(noErrors);
    if (found.size === 0) review(true);
    else setAttempts((count) => count + 1);
  };
  const fields: FieldsProps = {
    draft,
    after,
    change: (part) => {
      setDraft((last) => ({ ...last, ...part }));
      setRefused(noErrors);
      if (save.isSuccess) save.reset();
    },
    errorOf: (path) => errors.get(path),
  };
  return (
    <form ref={form} className={classes.page} aria-label="The settings of the phase" noValidate onSubmit={submit}>
      <Unsaved changed={changed > 0 || found.size > 0} />
      <DateFields {...fields} found={found} />
      <LateFields {...fields} />
      <LimitFields {...fields} />
      <TeamFields {...fields} />
      <CountingFields {...fields} />
      <AttachmentFields {...fields} />
      {errors.size > 0 ? (
        <Notice tone="bad" title={`${formatCount(errors.size, 'setting')} can’t be as it is now`}>
          It stands beside the field what is wrong.
        </Notice>
      ) : null}
      {save.isError && refused.size === 0 ? <Failure error={save.error} title="Nothing was saved" /> : null}
      {save.isSuccess ? <Notice tone="good" title="Saved" /> : null}
      <div className={classes.actions}>
        <span className="dim" aria-live="polite">
          {changed === 0 ? 'Nothing is changed' : `${formatCount(changed, 'setting')} changed, not saved yet`}
        </span>
        <Button variant="subtle" disabled={changed === 0} onClick={() => start(before)}>
          Undo all
        </Button>
        <Button type="submit" disabled={changed === 0 && found.size === 0}>
          Review the changes
        </Button>
      </div>
      {reviews ? (
        <ReviewDialog
          before={before}
          after={after}
          saving={save.isPending}
          onSave={() => save.mutate()}
          onClose={() => review(false)}
        />
      ) : null}
    </form>
  );
}

function bodyOf(before: Settings, after: Settings) {
  return editCompetition.schema.body.parse(editOf(before, after));
}

/** What the server says of fields of the page. */
function fieldErrorsOf(error: unknown): FieldErrors {
  if (!(error instanceof ApiProblem)) return noErrors;
  const items = error.problem.errors ?? [];
  return new Map(items.map(({ path = '', message }) => [fieldOf(path), inWords(message)]));
}
