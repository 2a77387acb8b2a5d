import { Button, CopyButton } from '@mantine/core';
import classes from './copyable.module.css';

/** Lines to paste into a terminal or a notebook. */
export function Copyable({ text, label }: { text: string; label?: string }) {
  return (
    <div className={classes.command}>
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton value={text} timeout={1500}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" onClick={copy} aria-label={label}>
            <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
