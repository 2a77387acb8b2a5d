import { Button, Progress, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem, sentenceOf } from '../api/problem.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatBytes } from '../format/number.ts';
import { FileProblems } from '../ui/file-problems.tsx';
import { When } from '../ui/instant.tsx';
import { Notice } from '../ui/notice.tsx';
import { Outcome } from './check-outcome.tsx';
import { ClaimedPredictions } from './claimed-predictions.tsx';
import { type Flow, isSendable } from './flow.ts';
import classes from './submit.module.css';

interface Props {
  readonly flow: Flow & { kind: 'checking' | 'checked' | 'sending' };
  readonly onSend: (note: string) => void;
  readonly onClaim: (file: File | undefined) => void;
  readonly onCancel: () => void;
}

/** The chosen file: what the check says about it, and sending it. */
export function CheckedFile({ flow, onSend, onClaim, onCancel }: Props) {
  const [note, setNote] = useState('');
  const { file } = flow.chosen;
  const sendable = flow.kind === 'checked' && isSendable(flow);
  return (
    <div className="card stack">
      <p className={classes.file}>
        <strong>{file.name}</strong> <span className="num dim">{formatBytes(file.size)}</span>
      </p>
      {flow.kind === 'checking' ? <p role="status">Checking the file…</p> : <Outcome outcome={flow.outcome} />}
      {flow.kind === 'checked' && flow.outcome.kind === 'code' ? (
        <ClaimedPredictions claim={flow.claim} onFile={onClaim} />
      ) : null}
      {flow.kind === 'checked' && flow.failure !== undefined ? <Refusal error={flow.failure} /> : null}
      {flow.kind === 'sending' ? <Sending share={flow.share} lost={flow.lost} onCancel={onCancel} /> : null}
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

function Sending({ share, lost, onCancel }: { share: number; lost: boolean; onCancel: () => void }) {
  const percent = Math.floor(share * 100);
  return (
    <>
      <div className={classes.sending}>
        <Progress.Root size="lg">
          <Progress.Section value={percent} aria-label="Uploaded" />
        </Progress.Root>
        <span className="num">{percent} %</span>
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      {lost ? (
        <Notice tone="signal" title="The connection is lost">
          The file stays chosen, and is sent again by itself as soon as the server can be reached. It counts once.
        </Notice>
      ) : null}
    </>
  );
}
