import type { SubmissionKind } from '../../../core/contract/runs.ts';
import classes from './submissions.module.css';

const kinds: Record<SubmissionKind, { readonly title: string; readonly path: string }> = {
  predictions: { title: 'Predictions', path: 'M3 4h14v12H3zM3 8h14M8 8v8' },
  code: { title: 'Code', path: 'M7 6 3 10l4 4M13 6l4 4-4 4' },
  notebook: { title: 'Notebook', path: 'M5 3h11v14H5zM8 3v14M3 7h3M3 13h3' },
};

export function KindIcon({ kind }: { kind: SubmissionKind }) {
  const { title, path } = kinds[kind];
  return (
    <svg className={classes.kind} viewBox="0 0 20 20" role="img" aria-label={title}>
      <title>{title}</title>
      <path d={path} />
    </svg>
  );
}
