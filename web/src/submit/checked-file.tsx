import { Button, Progress, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem, sentenceOf } from '../api/problem.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatBytes, formatCount } from '../format/number.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { When } from '../ui/instant.tsx';
import { Notice } from '../ui/notice.tsx';
import type { CheckOutcome } from './check-messages.ts';
import type { Flow } from './flow.ts';
import classes from './submit.module.css';

interface Props {
  readonly flow: Flow & { kind: 'checking' | 'checked' | 'sending' };
  readonly onSend: (note: string) => void;
  readonly onCancel: () => void;
}

/** The chosen file: what the check says about it, and sending it. */
export function CheckedFile({ flow, onSend, onCancel }: Props) {
  const [note, setNote] = useState('');
  const { file } = flow.chosen;
  const sendable = flow.kind === 'checked' && flow.outcome.kind !== 'rejected';
  return (
    <div className="card stack">
      <p className={classes.file}>
        <strong>{file.name}</strong> <span className="num dim">{formatBytes(file.size)}</span>
      </p>
      {flow.kind === 'checking' ? <p role="status">Checking the file…</p> : <Outcome outcome={flow.outcome} />}
      {flow.kind === 'checked' && flow.failure !== undefined ? <Refusal error={flow.failure} /> : null}
      {flow.kind === 'sending' ? <Sending share={flow.share} onCancel={onCancel} /> : null}
      {sendable ? (
        <form
          className={classes.send}
          onSubmit={(event) => {
            event.preventDefault();
            onSend(note);
          }}
        >
          <TextInput
            label="Note to yourself (optional)"
            placeholder="what changed in this one"
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <SendButton again={flow.failure !== undefined} />
        </form>
      ) : null}
    </div>
  );
}

/** Takes the focus when the check is done, so that Enter sends. */
function SendButton({ again }: { again: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  return (
    <Button ref={button} type="submit">
      {again ? 'Try again' : 'Submit'}
    </Button>
  );
}

function Outcome({ outcome }: { outcome: CheckOutcome }) {
  switch (outcome.kind) {
    case 'rejected':
      return (
        <Notice tone="bad" title="This file would be rejected. Nothing was sent, nothing is charged.">
          <FileProblems errors={outcome.errors} moreErrors={outcome.moreErrors} />
        </Notice>
      );
    case 'valid':
      return (
        <Notice tone="good" title={`The file is in order: ${formatCount(outcome.rows, 'row')}`}>
          {outcome.notices.length === 0 ? undefined : outcome.notices.map((notice) => <p key={notice}>{notice}</p>)}
        </Notice>
      );
    case 'unchecked':
      return (
        <Notice tone="signal" title="Not checked">
          {outcome.reason}
        </Notice>
      );
  }
}

/** Why the server did not take the file: its own sentence, and when it will. */
function Refusal({ error }: { error: unknown }) {
  const { competition } = useCompetition();
  const problem = error instanceof ApiProblem ? error.problem : undefined;
  return (
    <Notice tone="bad" title={problem?.title ?? 'Not submitted'}>
      <p>{sentenceOf(error)}</p>
      {problem?.nextSlotAt === undefined ? null : (
        <p>
          Next possible: <When at={problem.nextSlotAt} timeZone={competition.timeZone} />
        </p>
      )}
      {problem?.errors === undefined ? null : <FileProblems errors={problem.errors} moreErrors={problem.moreErrors} />}
    </Notice>
  );
}

function Sending({ share, onCancel }: { share: number; onCancel: () => void }) {
  const percent = Math.floor(share * 100);
  return (
    <div className={classes.sending}>
      <Progress.Root size="lg">
        <Progress.Section value={percent} aria-label="Uploaded" />
      </Progress.Root>
      <span className="num">{percent} %</span>
      <Button variant="default" size="xs" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
