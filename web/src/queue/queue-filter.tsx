import { Link, useNavigate } from '@tanstack/react-router';
import { useId } from 'react';
import { QueueKind, type StaffQueue } from '../../../core/contract/staff-queue.ts';
import { useCourse } from '../courses/use-course.ts';
import { kindWords } from './kinds.ts';
import classes from './queue.module.css';
import type { QueueSearch } from './search.ts';

interface Props {
  readonly search: QueueSearch;
  readonly counts: StaffQueue['counts'];
}

/** By kind, with how many there are, and by competition. */
export function QueueFilter({ search, counts }: Props) {
  const { slug: course } = useCourse();
  const name = useId();
  const navigate = useNavigate();
  const here = counts.filter(({ competition }) => (search.competition ?? competition) === competition);
  const competitions = [
    ...new Set([
      ...counts.map(({ competition }) => competition),
      ...(search.competition === undefined ? [] : [search.competition]),
    ]),
  ];
  const sum = (kind?: QueueKind) =>
    here.reduce((total, each) => total + (kind === undefined || each.kind === kind ? each.count : 0), 0);
  const link = (kind: QueueKind | undefined, text: string) => (
    <Link
      key={text}
      to="/courses/$course/queue"
      params={{ course }}
      search={{ ...search, kind }}
      className={classes.kind}
      activeOptions={{ exact: true, explicitUndefined: true }}
    >
      {text} <span className="num">{sum(kind).toLocaleString('en-US')}</span>
    </Link>
  );
  return (
    <div className={classes.filter}>
      <nav aria-label="Kind" className={classes.kinds}>
        {link(undefined, 'All')}
        {QueueKind.options.map((kind) => link(kind, kindWords[kind].many))}
      </nav>
      {competitions.length < 2 ? null : (
        <div className={classes.competition}>
          <label className="label" htmlFor={name}>
            Competition
          </label>
          <select
            id={name}
            value={search.competition ?? ''}
            onChange={(event) => {
              const competition = event.currentTarget.value === '' ? undefined : event.currentTarget.value;
              void navigate({ to: '/courses/$course/queue', params: { course }, search: { ...search, competition } });
            }}
          >
            <option value="">All</option>
            {competitions.map((slug) => (
              <option key={slug} value={slug}>
                {slug}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}
