import { Button, FileButton } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
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
  const there = submission.attachments.find((each) => each.field === field.id);
  const params = { id: submission.id, field: field.id };
  const change = useMutation({
    mutationFn: (file: File) => call(putAttachment, { params, query: { filename: file.name }, file }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: submissionQuery(submission.id).queryKey }),
  });
  const accept = field.kind === 'text' ? '.txt,.md,text/plain' : field.endings.join(',');
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
          {mayChange ? (
            <FileButton accept={accept} onChange={(file) => (file === null ? undefined : change.mutate(file))}>
              {(props) => (
                <Button
                  {...props}
                  variant="default"
                  size="xs"
                  loading={change.isPending}
                  aria-label={`${there === undefined ? 'Add' : 'Replace'} ${field.title}`}
                >
                  {there === undefined ? (field.kind === 'text' ? 'Add a text file' : 'Add a file') : 'Replace'}
                </Button>
              )}
            </FileButton>
          ) : null}
        </div>
        {change.isError ? <Failure error={change.error} /> : null}
      </dd>
    </>
  );
}
