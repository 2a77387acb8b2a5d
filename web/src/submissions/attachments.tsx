import { Button, FileButton, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type AttachmentField, downloadAttachment, putAttachment } from '../../../core/contract/attachments.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { call, urlOf } from '../api/call.ts';
import { submissionQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatBytes } from '../format/number.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import classes from './submissions.module.css';

/** What is handed in beside a submission; its team may change that until the phase closes. */
export function Attachments({ submission }: { submission: Submission }) {
  const { competition, staff } = useCompetition();
  const phase = competition.phases.find(({ slug }) => slug === submission.phase);
  if (phase === undefined || phase.attachments.length === 0) return null;
  const mayChange = staff || phase.status === 'open';
  return (
    <section className="stack" aria-label="Handed in beside it">
      {submission.missing === undefined ? null : (
        <Notice tone="signal" title={`Still missing: ${submission.missing.join(', ')}`}>
          {mayChange ? 'It may be added until the phase closes.' : undefined}
        </Notice>
      )}
      <dl className={classes.facts}>
        {phase.attachments.map((field) => (
          <Attached key={field.id} submission={submission} field={field} mayChange={mayChange} />
        ))}
      </dl>
    </section>
  );
}

interface AttachedProps {
  readonly submission: Submission;
  readonly field: AttachmentField;
  readonly mayChange: boolean;
}

function Attached({ submission, field, mayChange }: AttachedProps) {
  const queryClient = useQueryClient();
  const [writes, write] = useState(false);
  const there = submission.attachments.find((each) => each.field === field.id);
  const params = { id: submission.id, field: field.id };
  const change = useMutation({
    mutationFn: (file: File) => call(putAttachment, { params, query: { filename: file.name }, file }),
    onSuccess: () => write(false),
    onSettled: () => queryClient.invalidateQueries({ queryKey: submissionQuery(submission.id).queryKey }),
  });
  const act = there !== undefined ? 'Replace' : field.kind === 'text' ? 'Write it' : 'Add a file';
  const button = {
    variant: 'default',
    size: 'xs',
    loading: change.isPending,
    'aria-label': `${act}: ${field.title}`,
  } as const;
  return (
    <>
      <dt className="label">{field.title}</dt>
      <dd className="stack">
        <div className="row">
          {there === undefined ? (
            <span className="dim">nothing yet</span>
          ) : (
            <a href={urlOf(downloadAttachment, { params })} download={there.name}>
              {there.name} <span className="num dim">{formatBytes(there.bytes)}</span>
            </a>
          )}
          {!mayChange || writes ? null : field.kind === 'text' ? (
            <Button {...button} onClick={() => write(true)}>
              {act}
            </Button>
          ) : (
            <FileButton
              accept={field.endings.join(',')}
              onChange={(file) => (file === null ? undefined : change.mutate(file))}
            >
              {(props) => (
                <Button {...props} {...button}>
                  {act}
                </Button>
              )}
            </FileButton>
          )}
        </div>
        {writes ? (
          <TextForm
            field={field}
            sending={change.isPending}
            onSend={(text) => change.mutate(new File([text], `${field.id}.txt`))}
            onClose={() => write(false)}
          />
        ) : null}
        {change.isError ? <Failure error={change.error} title="It was not taken" /> : null}
      </dd>
    </>
  );
}

interface TextFormProps {
  readonly field: AttachmentField;
  readonly sending: boolean;
  readonly onSend: (text: string) => void;
  readonly onClose: () => void;
}

/** A text that is typed in, and kept as a file. */
function TextForm({ field, sending, onSend, onClose }: TextFormProps) {
  const [text, setText] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSend(text);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Textarea
        aria-label={field.title}
        autoFocus
        rows={5}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" size="xs" loading={sending} disabled={text.trim() === ''}>
          Hand it in
        </Button>
        <Button variant="subtle" size="xs" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
