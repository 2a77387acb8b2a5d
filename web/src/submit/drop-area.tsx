import { type DragEvent, useId, useState } from 'react';
import classes from './submit.module.css';

interface Props {
  readonly onFile: (file: File) => void;
  readonly title: string;
  readonly hint: string;
  readonly compact: boolean;
  /** Else it is for screen readers alone. */
  readonly showHint?: boolean;
}

/** A file input that is also a target to drop on. The input itself stays in the tab order: Space and Enter open the dialog. */
export function DropArea({ onFile, title, hint, compact, showHint = !compact }: Props) {
  const hintId = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined) onFile(file);
  };
  return (
    // Dropping is for the mouse alone; who has none uses the input inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <label
      className={classes.drop}
      data-over={over || undefined}
      data-compact={compact || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        className="visually-hidden"
        aria-describedby={hintId}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) onFile(file);
          // Else choosing the same file again, mended meanwhile, would not be a change.
          event.currentTarget.value = '';
        }}
      />
      <span className={classes.dropTitle}>{title}</span>
      <span id={hintId} className={showHint ? 'dim' : 'visually-hidden'}>
        {hint}
      </span>
    </label>
  );
}
