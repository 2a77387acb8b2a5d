import { NativeSelect, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCompetition } from '../competition/use-competition.ts';
import type { FieldsProps } from './fields.ts';
import { type LateKind, lateKinds } from './settings-draft.ts';
import classes from './settings.module.css';

const titles: Readonly<Record<LateKind, string>> = {
  none: 'nothing',
  hour: 'percent per started hour',
  day: 'percent per started day',
  bank: 'late days of the course',
};

/** What being late costs. */
export function LateFields({ draft, change, errorOf }: FieldsProps) {
  const { course } = useCompetition().competition;
  const { lateKind } = draft;
  return (
    <section className="card stack" aria-labelledby="settings-late">
      <div>
        <h2 id="settings-late">Late submissions</h2>
        <p className="dim">They are taken between the due time and the end of the late time.</p>
      </div>
      <div className={classes.fields}>
        <NativeSelect
          label="Being late costs"
          value={lateKind}
          error={errorOf('latePolicy') ?? errorOf('latePolicy.kind')}
          data={lateKinds.map((value) => ({ value, label: titles[value] }))}
          onChange={(event) => {
            const chosen = lateKinds.find((kind) => kind === event.currentTarget.value);
            if (chosen !== undefined) change({ lateKind: chosen });
          }}
        />
        {lateKind === 'hour' || lateKind === 'day' ? (
          <>
            <TextInput
              label={`Percent per started ${lateKind}`}
              inputMode="decimal"
              value={draft.percent}
              error={errorOf('latePolicy.percent')}
              onChange={(event) => change({ percent: event.currentTarget.value })}
            />
            <TextInput
              label="At most, in percent"
              placeholder="100"
              inputMode="decimal"
              value={draft.cap}
              error={errorOf('latePolicy.cap')}
              onChange={(event) => change({ cap: event.currentTarget.value })}
            />
          </>
        ) : null}
        {lateKind === 'bank' ? (
          <TextInput
            label="Percent per started day beyond the late days"
            placeholder="100"
            inputMode="decimal"
            value={draft.percentPerDayBeyond}
            error={errorOf('latePolicy.percentPerDayBeyond')}
            onChange={(event) => change({ percentPerDayBeyond: event.currentTarget.value })}
          />
        ) : null}
      </div>
      {lateKind === 'bank' ? (
        <p className="dim">
          How many late days each student has, and who has used them, stands with the course’s{' '}
          <Link to="/courses/$course/time" params={{ course }}>
            extra time
          </Link>
          .
        </p>
      ) : null}
    </section>
  );
}
