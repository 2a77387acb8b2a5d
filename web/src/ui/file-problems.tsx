import type { ProblemItem } from '../../../core/contract/problems.ts';
import { formatCount } from '../format/number.ts';
import classes from './file-problems.module.css';

interface Props {
  readonly errors: readonly ProblemItem[];
  readonly moreErrors?: number | undefined;
}

/** What is wrong with a file or a request, each with its place. */
export function FileProblems({ errors, moreErrors = 0 }: Props) {
  if (errors.length === 0) return null;
  return (
    <>
      <ol className={classes.list}>
        {errors.map((error, index) => (
          <li key={index} className={classes.item}>
            <span className={classes.place}>{placeOf(error)}</span>
            <span>{error.message}</span>
          </li>
        ))}
      </ol>
      {moreErrors > 0 ? <p className="dim">and {formatCount(moreErrors, 'more error')}</p> : null}
    </>
  );
}

function placeOf({ line, column, path }: ProblemItem): string {
  const parts = [line === undefined ? undefined : `line ${line.toLocaleString('en-US')}`, column, path];
  return parts.filter((part) => part !== undefined && part !== '').join(', ') || 'file';
}
