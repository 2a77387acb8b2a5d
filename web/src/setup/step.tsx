import type { ReactNode } from 'react';
import classes from './setup.module.css';

interface Props {
  readonly title: string;
  readonly about: string;
  /** Undefined: it may be left out. */
  readonly done: boolean | undefined;
  readonly children: ReactNode;
}

/** A part of the set-up, and whether it is done. */
export function Step({ title, about, done, children }: Props) {
  return (
    <section className="card stack" aria-label={title}>
      <div>
        <div className={classes.head}>
          <h2>{title}</h2>
          <span className={classes.state} data-done={done || undefined}>
            {done === undefined ? <span className="dim">optional</span> : done ? '✓ done' : 'to do'}
          </span>
        </div>
        <p className="dim">{about}</p>
      </div>
      {children}
    </section>
  );
}
