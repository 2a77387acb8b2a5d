import { Button, TextInput } from '@mantine/core';
import type { DraftRow } from './scheme-draft.ts';
import classes from './grades.module.css';

interface Props<Field extends string, Shown extends Field> {
  /** What the rows are, in the plural: the name of the group. */
  readonly legend: string;
  /** One of them, for the buttons. */
  readonly one: string;
  /** The fields that are shown, with their labels. */
  readonly fields: Readonly<Record<Shown, string>>;
  readonly rows: readonly DraftRow<Field>[];
  readonly empty: DraftRow<Field>;
  readonly onChange: (rows: readonly DraftRow<Field>[]) => void;
}

/** Rows of text fields that can be added and taken away. */
export function DraftRows<Field extends string, Shown extends Field>({
  legend,
  one,
  fields,
  rows,
  empty,
  onChange,
}: Props<Field, Shown>) {
  const names = keysOf(fields);
  return (
    <fieldset className={classes.rows}>
      <legend className="label">{legend}</legend>
      {rows.map((row, i) => (
        // Rows have no name of their own: the place is all that tells them apart.
        <div key={i} className={classes.fields}>
          {names.map((name) => (
            <TextInput
              key={name}
              label={fields[name]}
              aria-label={`${fields[name]}, ${one} ${i + 1}`}
              value={row[name]}
              onChange={(event) => onChange(rows.with(i, { ...row, [name]: event.currentTarget.value }))}
            />
          ))}
          <Button
            variant="default"
            size="xs"
            aria-label={`Remove ${one} ${i + 1}`}
            onClick={() => onChange(rows.toSpliced(i, 1))}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => onChange([...rows, empty])}>
          {`Add ${one}`}
        </Button>
      </div>
    </fieldset>
  );
}

function keysOf<Field extends string>(fields: Readonly<Record<Field, string>>): Field[] {
  return Object.keys(fields).filter((key): key is Field => key in fields);
}
