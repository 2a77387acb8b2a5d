import { Button } from '@mantine/core';
import { formatBytes } from '../format/number.ts';
import { Outcome } from './check-outcome.tsx';
import { DropArea } from './drop-area.tsx';
import type { Claim } from './flow.ts';
import classes from './submit.module.css';

interface Props {
  readonly claim: Claim | undefined;
  /** Undefined: take them away. */
  readonly onFile: (file: File | undefined) => void;
}

/** The predictions that the code made elsewhere: they are scored at once, and staff can run the code to verify them. */
export function ClaimedPredictions({ claim, onFile }: Props) {
  if (claim === undefined)
    return (
      <DropArea
        onFile={onFile}
        title="Add the predictions that this code made (optional)"
        hint="They are scored at once, without a run; your instructor can run the code to verify them."
        compact
        showHint
      />
    );
  return (
    <div className="stack">
      <p className={classes.file}>
        <span>
          with predictions <strong>{claim.file.name}</strong>{' '}
          <span className="num dim">{formatBytes(claim.file.size)}</span>
        </span>
        <Button variant="default" size="xs" onClick={() => onFile(undefined)}>
          Take them away
        </Button>
      </p>
      {claim.outcome === undefined ? (
        <p role="status">Checking the predictions…</p>
      ) : (
        <Outcome outcome={claim.outcome} />
      )}
    </div>
  );
}
