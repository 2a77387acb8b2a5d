import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { addPhase } from '../../../core/contract/competitions.ts';
import { outOfOrder } from '../../../core/contract/date-order.ts';
import { call } from '../api/call.ts';
import { competitionQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { instantOf, localOf, stepOf } from '../dates/zoned.ts';
import { slugOf } from '../format/slug.ts';
import { inWords } from '../settings/settings-draft.ts';
import { Failure } from '../ui/notice.tsx';
import { Unsaved } from '../ui/unsaved.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';
import { useReadAgain } from './use-edit.ts';

/** The phases that there are, and a new one after them. */
export function AddPhase() {
  const { competition } = useCompetition();
  const [adds, add] = useState(false);
  return (
    <Step
      title="Phases"
      about="Each has its own dates, rules, answer key and boards. Most competitions need only one."
      done={undefined}
    >
      <ol className={classes.phases}>
        {competition.phases.map(({ slug, title }) => (
          <li key={slug}>
            <Link to="/competitions/$slug/setup" params={{ slug: competition.slug }} search={{ phase: slug }}>
              {title}
            </Link>
          </li>
        ))}
      </ol>
      {adds ? (
        <PhaseForm onDone={() => add(false)} />
      ) : (
        <div className={classes.actions}>
          <Button variant="default" onClick={() => add(true)}>
            Add a phase
          </Button>
        </div>
      )}
    </Step>
  );
}

function PhaseForm({ onDone }: { onDone: () => void }) {
  const { competition } = useCompetition();
  const { slug, timeZone, phases } = competition;
  const queryClient = useQueryClient();
  const readAgain = useReadAgain();
  const navigate = useNavigate();
  const last = phases.at(-1);
  // The next phase begins where the last one ends.
  const ends = last?.lateUntil ?? last?.dueAt ?? null;
  const [given] = useState(ends === null ? '' : localOf(ends, timeZone));
  const [title, setTitle] = useState('');
  const [opens, setOpens] = useState(given);
  const [due, setDue] = useState('');
  const opensAt = instantOf(opens, timeZone) ?? null;
  const dueAt = instantOf(due, timeZone) ?? null;
  const name = slugOf(title);
  const isTaken = phases.some((phase) => phase.slug === name);
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  const [wrong] = outOfOrder({ opensAt: instant(opensAt), dueAt: instant(dueAt) });
  const save = useMutation({
    mutationFn: () => call(addPhase, { params: { slug }, body: { slug: name, title: title.trim(), opensAt, dueAt } }),
    onSuccess: async (saved) => {
      queryClient.setQueryData(competitionQuery(slug).queryKey, saved);
      onDone();
      await readAgain();
      await navigate({
        to: '/competitions/$slug/setup',
        params: { slug },
        search: { phase: name },
        ignoreBlocker: true,
      });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="stack" aria-label="A new phase" onSubmit={submit}>
      <Unsaved changed={!save.isSuccess && (title !== '' || due !== '' || opens !== given)} />
      <div className={classes.fields}>
        <TextInput
          label="Title of the phase"
          description={name === '' ? 'What students choose it by' : `Its address: ?phase=${name}`}
          required
          withAsterisk={false}
          maxLength={200}
          autoFocus
          value={title}
          error={isTaken ? 'There is a phase of this name' : undefined}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="The phase opens"
          description={`By the clock of ${timeZone}`}
          step={stepOf(opens)}
          value={opens}
          onChange={(event) => setOpens(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="The phase is due"
          description="Can be set later"
          step={stepOf(due)}
          value={due}
          error={wrong === undefined ? undefined : inWords(wrong.message)}
          onChange={(event) => setDue(event.currentTarget.value)}
        />
      </div>
      <p className="dim">Its answer key and its rules are set after that, in the steps of this page.</p>
      {save.isError ? <Failure error={save.error} title="The phase was not added" /> : null}
      <div className={classes.actions}>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending} disabled={name === '' || isTaken || wrong !== undefined}>
          Add the phase
        </Button>
      </div>
    </form>
  );
}
