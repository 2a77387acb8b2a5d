import { Button, CopyButton } from '@mantine/core';
import { Notice } from '../ui/notice.tsx';
import classes from './hooks.module.css';

/** A hook's secret, while it can be seen. */
export interface ShownSecret {
  readonly hookId: number;
  readonly name: string;
  readonly secret: string;
}

export function SecretNotice({ shown: { name, secret }, onDone }: { shown: ShownSecret; onDone: () => void }) {
  return (
    <Notice tone="good" title={`The secret of “${name}”: it is not shown again`}>
      <div className={classes.secret}>
        <code className={classes.secretText}>{secret}</code>
        <CopyButton value={secret} timeout={2000}>
          {({ copied, copy }) => (
            <Button size="xs" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="default" onClick={onDone}>
          I have it
        </Button>
      </div>
      <p>With it a program proves that a message is from here. Slack and Discord don’t need it.</p>
    </Notice>
  );
}
