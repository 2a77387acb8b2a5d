import { TextInput } from '@mantine/core';
import { useCompetition } from '../competition/use-competition.ts';
import { stepOf } from '../dates/zoned.ts';
import { When } from '../ui/instant.tsx';
import { closesMs } from './consequences.ts';
import { DateTimeline } from './date-timeline.tsx';
import type { FieldsProps } from './fields.ts';
import { settingTitles } from './settings.ts';
import type { FieldErrors } from './settings-draft.ts';
import classes from './settings.module.css';

type DateField = 'opensAt' | 'dueAt' | 'lateUntil' | 'revealAt';

const whenEmpty: Readonly<Record<DateField, string>> = {
  opensAt: 'Empty: open once it is published',
  dueAt: 'Empty: it never closes',
  lateUntil: 'Empty: nothing is taken late',
  revealAt: 'Empty: once nobody can submit any more. Never before that.',
};

/** When a phase opens, is due, closes and is revealed, by the clock of the course's zone. */
export function DateFields({ draft, after, change, errorOf, found }: FieldsProps & { found: FieldErrors }) {
  const { timeZone } = useCompetition().competition;
  const closes = closesMs(after);
  const date = (name: DateField) => (
    <TextInput
      type="datetime-local"
      label={settingTitles[name]}
      description={whenEmpty[name]}
      step={stepOf(draft[name])}
      value={draft[name]}
      error={errorOf(name)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <section className="card stack" aria-labelledby="settings-dates">
      <div>
        <h2 id="settings-dates">Dates</h2>
        <p className="dim">By the clock of {timeZone}. Who has an extension or an accommodation keeps later ones.</p>
      </div>
      <DateTimeline after={after} change={change} found={found} />
      <div className={classes.fields}>
        {date('opensAt')}
        {date('dueAt')}
        {date('lateUntil')}
        <TextInput
          label="Minutes of grace"
          description="Forgiven after the due time, and after the end of the late time"
          inputMode="numeric"
          value={draft.graceMinutes}
          error={errorOf('graceMinutes')}
          onChange={(event) => change({ graceMinutes: event.currentTarget.value })}
        />
        {date('revealAt')}
      </div>
      <p className="dim">
        {Number.isFinite(closes) ? (
          <>
            It closes for the class <When at={new Date(closes).toISOString()} timeZone={timeZone} />.
          </>
        ) : (
          'It never closes.'
        )}
      </p>
    </section>
  );
}
