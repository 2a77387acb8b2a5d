import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** What stands where a list would, with the next step. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <svg className={classes.mark} viewBox="0 0 48 36" aria-hidden="true">
        <path d="M4 6h40" />
        <path d="M4 18h26" />
        <path d="M4 30h14" />
      </svg>
      <h2>{title}</h2>
      {children === undefined ? null : <div className={classes.body}>{children}</div>}
    </div>
  );
}
