import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { RowsError } from './counting-fields.tsx';
import type { FieldsProps } from './fields.ts';
import type { AttachmentDraft } from './settings-draft.ts';
import classes from './settings.module.css';

const added: AttachmentDraft = { id: '', title: '', kind: 'file', required: false, endings: '.pdf' };

/** What is handed in beside a submission: a report, an experiment log, a statement on the use of AI. */
export function AttachmentFields({ draft: { attachments }, change, errorOf }: FieldsProps) {
  return (
    <section className="card stack" aria-labelledby="settings-attachments">
      <div>
        <h2 id="settings-attachments">Handed in beside a submission</h2>
        <p className="dim">
          {attachments.length === 0 ? 'Nothing so far. ' : ''}Such as a report, an experiment log, or a statement on the
          use of AI. It can be added to a submission until the phase closes.
        </p>
      </div>
      {attachments.length === 0 ? null : (
        <ul className={classes.rows} aria-label="Handed in beside a submission">
          {attachments.map((field, i) => {
            const set = (part: Partial<AttachmentDraft>) =>
              change({ attachments: attachments.with(i, { ...field, ...part }) });
            const number = i + 1;
            return (
              <li key={field.id || i} className="stack">
                <div className={classes.rowFields}>
                  <TextInput
                    label="Title"
                    aria-label={`Title of attachment ${number}`}
                    maxLength={200}
                    value={field.title}
                    error={errorOf(`attachments.${i}.title`)}
                    onChange={(event) => set({ title: event.currentTarget.value })}
                  />
                  <NativeSelect
                    label="Kind"
                    aria-label={`Kind of attachment ${number}`}
                    value={field.kind}
                    error={errorOf(`attachments.${i}.kind`)}
                    data={[
                      { value: 'file', label: 'a file' },
                      { value: 'text', label: 'a text, typed in' },
                    ]}
                    onChange={(event) => set({ kind: event.currentTarget.value === 'text' ? 'text' : 'file' })}
                  />
                  {field.kind === 'file' ? (
                    <TextInput
                      label="Endings"
                      aria-label={`Endings of attachment ${number}`}
                      placeholder="any"
                      value={field.endings}
                      error={errorOf(`attachments.${i}.endings`)}
                      onChange={(event) => set({ endings: event.currentTarget.value })}
                    />
                  ) : null}
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={`Remove attachment ${number}`}
                    onClick={() => change({ attachments: attachments.toSpliced(i, 1) })}
                  >
                    Remove
                  </Button>
                </div>
                <Checkbox
                  label="Required: a team is told that it is missing until it is there"
                  checked={field.required}
                  onChange={(event) => set({ required: event.currentTarget.checked })}
                />
              </li>
            );
          })}
        </ul>
      )}
      <RowsError text={errorOf('attachments')} />
      <div>
        <Button variant="default" size="xs" onClick={() => change({ attachments: [...attachments, added] })}>
          Add one
        </Button>
      </div>
    </section>
  );
}
