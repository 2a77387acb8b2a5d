import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

interface Props {
  readonly title: string;
  /** It is all of the page, and its title the page's. */
  readonly page?: boolean;
  readonly children?: ReactNode;
}

/** What stands where a list would, with the next step. */
export function EmptyState({ title, page = false, children }: Props) {
  return (
    <div className={classes.empty}>
      <svg className={classes.mark} viewBox="0 0 48 36" aria-hidden="true">
        <path d="M4 6h40" />
        <path d="M4 18h26" />
        <path d="M4 30h14" />
      </svg>
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children === undefined ? null : <div className={classes.body}>{children}</div>}
    </div>
  );
}
