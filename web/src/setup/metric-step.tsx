import { Button, Textarea, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { MetricName } from '../../../core/contract/scores.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './setup.module.css';
import { Step } from './step.tsx';
import { useEdit } from './use-edit.ts';

/** How a submission is measured. */
export function MetricStep() {
  const { competition } = useCompetition();
  const [text, setText] = useState(competition.metrics.join(', '));
  const [classText, setClassText] = useState('');
  const edit = useEdit();
  const metrics = text.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = metrics.find((name) => !MetricName.safeParse(name).success);
  const classList = classText
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const changed = metrics.join(' ') !== competition.metrics.join(' ');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    edit.mutate({ ...(changed && { metrics }), ...(classList.length > 0 && { classes: classList }) });
  };
  return (
    <Step
      title="The metric"
      about="Top-k accuracy: the share of rows whose true label is among the k most likely ones. The first metric ranks."
      done={competition.metrics.length > 0}
    >
      <form className="stack" onSubmit={submit}>
        <TextInput
          label="Metrics"
          description="Of top1, top5, and topk(k) with k from 1 to 100; the first ranks, the others are shown beside it"
          placeholder="top1, top5"
          value={text}
          error={unknown === undefined ? undefined : `“${unknown}” is no metric: write top1, top5 or topk(k).`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <details>
          <summary>The classes, in the column order of score arrays</summary>
          <Textarea
            label="Classes"
            description="One a line. Left out, they are taken from the answer key, in its order"
            autosize
            minRows={3}
            maxRows={12}
            value={classText}
            onChange={(event) => setClassText(event.currentTarget.value)}
          />
        </details>
        {competition.publishedAt === null ? null : (
          <Notice tone="signal" title="Another metric, or other classes, score every submission again">
            The old scores stand until the new ones are there.
          </Notice>
        )}
        {edit.isError ? <Failure error={edit.error} title="It was not saved" /> : null}
        <div className={classes.actions}>
          <Button
            type="submit"
            disabled={metrics.length === 0 || unknown !== undefined || (!changed && classList.length === 0)}
            loading={edit.isPending}
          >
            Save
          </Button>
        </div>
      </form>
    </Step>
  );
}
