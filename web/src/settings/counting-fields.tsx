import { Button, NativeSelect, TextInput } from '@mantine/core';
import { CountingRule } from '../../../core/contract/counting.ts';
import type { FieldsProps } from './fields.ts';
import { countingTitles } from './settings-words.ts';
import classes from './settings.module.css';

/** Which submissions count, and the parts that they are for. */
export function CountingFields({ draft, change, errorOf }: FieldsProps) {
  const { parts } = draft;
  return (
    <section className="card stack" aria-labelledby="settings-counting">
      <h2 id="settings-counting">What counts</h2>
      <div className={classes.fields}>
        <NativeSelect
          label="On the boards counts"
          value={draft.counts}
          error={errorOf('counts')}
          data={CountingRule.options.map((value) => ({ value, label: countingTitles[value] }))}
          onChange={(event) => change({ counts: CountingRule.parse(event.currentTarget.value) })}
        />
        {draft.counts === 'selected' ? (
          <TextInput
            label="How many a team may select"
            description="Who selects none has the best public one counted"
            inputMode="numeric"
            value={draft.selectMax}
            error={errorOf('selectMax')}
            onChange={(event) => change({ selectMax: event.currentTarget.value })}
          />
        ) : null}
      </div>
      <div>
        <h3>Parts</h3>
        <p className="dim">
          {parts.length === 0
            ? 'The phase has none. With parts, such as “Part 1: simple CNN”, every submission is for one of them.'
            : 'Every submission is for one of them.'}
        </p>
      </div>
      {parts.length === 0 ? null : (
        <ul className={classes.rows} aria-label="Parts">
          {parts.map((part, i) => (
            // A new one has no name yet: its place tells it apart.
            <li key={part.slug || i} className={classes.rowFields}>
              <TextInput
                label={`Title of part ${i + 1}`}
                maxLength={200}
                value={part.title}
                error={errorOf(`parts.${i}.title`)}
                onChange={(event) => change({ parts: parts.with(i, { ...part, title: event.currentTarget.value }) })}
              />
              <Button
                variant="default"
                size="xs"
                aria-label={`Remove part ${i + 1}`}
                onClick={() => change({ parts: parts.toSpliced(i, 1) })}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      <RowsError text={errorOf('parts')} />
      <div>
        <Button variant="default" size="xs" onClick={() => change({ parts: [...parts, { slug: '', title: '' }] })}>
          Add a part
        </Button>
      </div>
    </section>
  );
}

/** What is wrong with a list as a whole. */
export function RowsError({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <p className={classes.error} role="alert">
      {text}
    </p>
  );
}
