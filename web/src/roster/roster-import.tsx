import { Button, Checkbox, FileInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { importRoster, previewRoster } from '../../../core/contract/roster.ts';
import { call } from '../api/call.ts';
import { ApiProblem } from '../api/problem.ts';
import { useCourse } from '../courses/use-course.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { peopleKey } from './queries.ts';
import { RosterChanges } from './roster-changes.tsx';
import classes from './roster.module.css';

const columns = [
  ['name', 'Name'],
  ['firstName', 'First name'],
  ['lastName', 'Last name'],
  ['email', 'E-mail address'],
  ['studentId', 'Student id'],
  ['username', 'Username'],
  ['section', 'Section'],
] as const;
type Mapping = Partial<Record<(typeof columns)[number][0], string>>;

/** Brings a roster file in: first what it would do, then, once that was seen, that and nothing else. */
export function RosterImport() {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [drops, setDrops] = useState(true);
  const [domain, setDomain] = useState('');
  const [mapping, setMapping] = useState<Mapping>({});
  const query = {
    drop: String(drops),
    ...(domain.trim() !== '' && { domain }),
    ...Object.fromEntries(Object.entries(mapping).filter(([, column]) => column.trim() !== '')),
  };
  const input = (chosen: File) => ({ params: { course: slug }, file: chosen });
  const preview = useMutation({ mutationFn: (chosen: File) => call(previewRoster, { ...input(chosen), query }) });
  const bring = useMutation({
    mutationFn: ({ chosen, state }: { chosen: File; state: string }) =>
      call(importRoster, { ...input(chosen), query: { ...query, state } }),
    onSuccess: async () => {
      preview.reset();
      setFile(null);
      await queryClient.invalidateQueries({ queryKey: peopleKey(slug) });
    },
  });
  /** What was previewed no longer holds once something of it is another. */
  const changed = () => {
    preview.reset();
    bring.reset();
  };
  const failed = preview.error ?? bring.error;
  return (
    <section className="card stack" aria-label="Import a roster">
      <div>
        <h2>Import a roster</h2>
        <p className="dim">
          An export of Gradescope, Canvas or Blackboard, or any CSV with a header. Nothing happens before you have seen
          what would.
        </p>
      </div>
      <FileInput
        label="File"
        placeholder="roster.csv"
        accept=".csv,.txt,.tsv,.xls"
        clearable
        clearButtonProps={{ 'aria-label': 'Take the file away' }}
        value={file}
        onChange={(chosen) => {
          changed();
          setFile(chosen);
        }}
      />
      <Checkbox
        label="Students who are not in the file are taken off the course"
        checked={drops}
        onChange={(event) => {
          changed();
          setDrops(event.currentTarget.checked);
        }}
      />
      <details>
        <summary>If the file has no addresses, or other names of columns</summary>
        <div className={classes.fields}>
          <TextInput
            label="Mail domain of the usernames"
            placeholder="bu.edu"
            value={domain}
            onChange={(event) => {
              changed();
              setDomain(event.currentTarget.value);
            }}
          />
          {columns.map(([field, label]) => (
            <TextInput
              key={field}
              label={`Column: ${label.toLowerCase()}`}
              value={mapping[field] ?? ''}
              onChange={({ currentTarget: { value } }) => {
                changed();
                setMapping((before) => ({ ...before, [field]: value }));
              }}
            />
          ))}
        </div>
      </details>
      {failed ? <Failure error={failed} title="The roster was not taken" /> : null}
      {failed instanceof ApiProblem ? (
        <FileProblems errors={failed.problem.errors ?? []} moreErrors={failed.problem.moreErrors} />
      ) : null}
      {bring.data ? <Notice tone="good" title="The roster was imported" /> : null}
      {preview.data ? <RosterChanges plan={preview.data} /> : null}
      <div className={classes.actions}>
        <Button
          variant={preview.data ? 'default' : 'filled'}
          disabled={file === null}
          loading={preview.isPending}
          onClick={() => file && preview.mutate(file)}
        >
          Preview
        </Button>
        {preview.data && file ? (
          <Button
            {...(preview.data.dropped.length > 0 && { color: 'red.9' })}
            loading={bring.isPending}
            onClick={() => bring.mutate({ chosen: file, state: preview.data.state })}
          >
            Import it so
          </Button>
        ) : null}
      </div>
    </section>
  );
}
