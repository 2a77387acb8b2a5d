import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { putGradeScheme, type SchemeInForce } from '../../../core/contract/grades.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { Unsaved } from '../ui/unsaved.tsx';
import { DraftRows } from './draft-rows.tsx';
import classes from './grades.module.css';
import { readGradesAgain } from './queries.ts';
import { SchemeCurve } from './scheme-curve.tsx';
import { draftOf, performanceOf, type SchemeDraft, schemeOf } from './scheme-draft.ts';

/** How a phase becomes a grade, while it is written. What was released stays until it is released anew. */
export function SchemeForm({ inForce, onDone }: { inForce: SchemeInForce; onDone: () => void }) {
  const { competition } = useCompetition();
  const queryClient = useQueryClient();
  const [given] = useState(() => draftOf(inForce.scheme));
  const [draft, setDraft] = useState(given);
  const change = (part: Partial<SchemeDraft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: async () =>
      await call(putGradeScheme, {
        params: { slug: competition.slug },
        query: { phase: inForce.phase },
        body: { version: inForce.version, scheme: schemeOf(draft) },
      }),
    onSuccess: async () => {
      await readGradesAgain(queryClient);
      onDone();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="card stack" aria-label="The grade scheme" onSubmit={submit}>
      <Unsaved changed={JSON.stringify(draft) !== JSON.stringify(given)} />
      <Checkbox
        label="Points for the private score"
        checked={draft.scored}
        onChange={(event) => change({ scored: event.currentTarget.checked })}
      />
      {draft.scored ? <PerformanceFields draft={draft} change={change} /> : null}
      <DraftRows
        legend="Bonus by private rank"
        one="bonus"
        fields={{ top: 'Top', points: 'Points' }}
        rows={draft.bonus}
        empty={{ top: '', points: '' }}
        onChange={(bonus) => change({ bonus })}
      />
      <DraftRows
        legend="Graded by hand"
        one="item"
        fields={{ title: 'Title', points: 'Points', description: 'What is looked at' }}
        rows={draft.rubric}
        empty={{ id: '', title: '', points: '', description: '' }}
        onChange={(rubric) => change({ rubric })}
      />
      <TextInput
        label="Days for regrade requests after the release"
        description="0: none can be asked for"
        inputMode="numeric"
        value={draft.regradeDays}
        onChange={(event) => change({ regradeDays: event.currentTarget.value })}
      />
      {save.isError ? <Failure error={save.error} title="The scheme was not saved" /> : null}
      <div className={classes.actions}>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending}>
          Save the scheme
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly draft: SchemeDraft;
  readonly change: (part: Partial<SchemeDraft>) => void;
}

function PerformanceFields({ draft, change }: FieldsProps) {
  return (
    <>
      <div className={classes.fields}>
        <NativeSelect
          label="The better scores are"
          data={[
            { value: 'higher', label: 'the higher ones' },
            { value: 'lower', label: 'the lower ones' },
          ]}
          value={draft.better}
          onChange={(event) => change({ better: event.currentTarget.value === 'lower' ? 'lower' : 'higher' })}
        />
        <NativeSelect
          label="Between two anchors"
          data={[
            { value: 'linear', label: 'points grow evenly' },
            { value: 'steps', label: 'the lower one’s points' },
          ]}
          value={draft.between}
          onChange={(event) => change({ between: event.currentTarget.value === 'steps' ? 'steps' : 'linear' })}
        />
        <TextInput
          label="Points below the first anchor"
          inputMode="decimal"
          value={draft.below}
          onChange={(event) => change({ below: event.currentTarget.value })}
        />
      </div>
      <DraftRows
        legend="Anchors, from the worst score to the best"
        one="anchor"
        fields={{ name: 'Name', score: 'Score', points: 'Points' }}
        rows={draft.anchors}
        empty={{ name: '', score: '', points: '' }}
        onChange={(anchors) => change({ anchors })}
      />
      <Drawn draft={draft} />
    </>
  );
}

/** The curve of what is written so far, as soon as that is one. */
function Drawn({ draft }: { draft: SchemeDraft }) {
  const performance = performanceOf(draft);
  return performance === undefined ? null : <SchemeCurve performance={performance} />;
}
