import { Button, NativeSelect, Skeleton, Textarea, TextInput } from '@mantine/core';
import { lazy, type SubmitEvent, Suspense, useState } from 'react';
import { CompetitionKind } from '../../../core/contract/competitions.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { Unsaved } from '../ui/unsaved.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';
import { useEdit } from './use-edit.ts';

const Markdown = lazy(async () => ({ default: (await import('../ui/markdown.tsx')).Markdown }));

/** What students read first. */
export function AboutStep() {
  const { competition } = useCompetition();
  const [title, setTitle] = useState(competition.title);
  const [kind, setKind] = useState(competition.kind);
  const [description, setDescription] = useState(competition.description);
  const edit = useEdit();
  const changed = title !== competition.title || kind !== competition.kind || description !== competition.description;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    edit.mutate({ title, kind, description });
  };
  return (
    <Step
      title="What it is about"
      about="The overview that students read first."
      done={competition.description.trim() !== ''}
    >
      <form className="stack" onSubmit={submit}>
        <Unsaved changed={changed} />
        <div className={classes.fields}>
          <TextInput
            label="Title"
            required
            withAsterisk={false}
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <NativeSelect
            label="Kind"
            value={kind}
            data={[...CompetitionKind.options]}
            onChange={(event) => setKind(CompetitionKind.parse(event.currentTarget.value))}
          />
        </div>
        <Textarea
          label="Description"
          description="Markdown: what is to be predicted, from what, how it is measured, and the rules"
          autosize
          minRows={6}
          maxRows={24}
          maxLength={200_000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {description.trim() === '' ? null : (
          <details>
            <summary>How students see it</summary>
            <div className={classes.preview}>
              <Suspense fallback={<Skeleton height={120} />}>
                <Markdown text={description} />
              </Suspense>
            </div>
          </details>
        )}
        {edit.isError ? <Failure error={edit.error} title="It was not saved" /> : null}
        <div className={classes.actions}>
          <Button type="submit" disabled={!changed} loading={edit.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Step>
  );
}
