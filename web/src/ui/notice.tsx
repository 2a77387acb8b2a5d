import type { ReactNode } from 'react';
import { sentenceOf } from '../api/problem.ts';
import classes from './notice.module.css';

export type Tone = 'bad' | 'good' | 'signal' | 'plain';

/** A message that stands in the page. A bad one is read out at once by a screen reader, the others when it is quiet. */
export function Notice({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <p className={classes.title}>{title}</p>
      {children === undefined ? null : <div className={classes.body}>{children}</div>}
    </div>
  );
}

/** What went wrong, in the server's words. */
export function Failure({ error, title = 'That did not work' }: { error: unknown; title?: string }) {
  return (
    <Notice tone="bad" title={title}>
      {sentenceOf(error)}
    </Notice>
  );
}
