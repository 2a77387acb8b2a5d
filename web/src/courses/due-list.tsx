import { Skeleton } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Due, listDue } from '../../../core/contract/due.ts';
import { call } from '../api/call.ts';
import { latePolicyText } from '../dates/late-policy-text.ts';
import { formatCount, formatValue } from '../format/number.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { useNow, When } from '../ui/instant.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { Failure } from '../ui/notice.tsx';
import classes from './due-list.module.css';

/** A page that stays open sees what opens, and what is over. */
const REFRESH_MS = 60_000;
/** What is due sooner stands out. */
const URGENT_MS = 48 * 3_600_000;

const dueQuery = queryOptions({
  queryKey: ['due'],
  queryFn: async ({ signal }) => (await call(listDue, { signal })).due,
});

/** For students: what is due in all of their courses, next first, with their own dates, where they stand, and what they have left. */
export function DueList() {
  const query = useQuery({ ...dueQuery, refetchInterval: REFRESH_MS });
  return (
    <section aria-labelledby="due" className="stack">
      <h2 id="due">What is due</h2>
      {query.isPending ? (
        <div role="status" aria-label="Loading what is due">
          <Skeleton height={92} mb={8} />
          <Skeleton height={92} />
        </div>
      ) : null}
      {query.isError ? <Failure error={query.error} title="What is due could not be loaded" /> : null}
      {query.data?.length === 0 ? (
        <EmptyState title="Nothing is due">
          <p>What your courses ask of you next is listed here, with your own dates.</p>
        </EmptyState>
      ) : null}
      {query.data === undefined || query.data.length === 0 ? null : (
        <ol className={classes.list}>
          {query.data.map((due) => (
            <DueItem key={`${due.competition} ${due.phase}`} due={due} />
          ))}
        </ol>
      )}
    </section>
  );
}

function DueItem({ due }: { due: Due }) {
  const { dueAt, lateUntil, extended } = due.mine;
  const place = { params: { slug: due.competition }, search: { phase: due.phase } };
  const cost = latePolicyText(due.latePolicy);
  const now = useNow();
  const open = due.status === 'open';
  const urgent = open && dueAt !== null && Date.parse(dueAt) - now < URGENT_MS;
  return (
    <li className={classes.item} data-urgent={urgent || undefined}>
      <div className={classes.what}>
        <p className="label">{due.course}</p>
        <h3>
          <Link to="/competitions/$slug" {...place} className={classes.title}>
            {due.title}
          </Link>
        </h3>
        {due.phaseTitle === null ? null : <p className="dim">{due.phaseTitle}</p>}
      </div>
      <dl className={classes.facts}>
        {open || due.opensAt === null ? null : (
          <div>
            <dt className="label">Opens</dt>
            <dd>
              <When at={due.opensAt} timeZone={due.timeZone} />
            </dd>
          </div>
        )}
        <div>
          <dt className="label">{extended ? 'Due for you' : 'Due'}</dt>
          <dd>{dueAt === null ? 'no due date' : <When at={dueAt} timeZone={due.timeZone} />}</dd>
        </div>
        {lateUntil === null ? null : (
          <div>
            <dt className="label">Late until</dt>
            <dd>
              <When at={lateUntil} timeZone={due.timeZone} />
              {cost === undefined ? null : <span className="dim"> {cost}</span>}
            </dd>
          </div>
        )}
        {open ? (
          <>
            <div>
              <dt className="label">Standing</dt>
              <dd className="num">
                <Standing standing={due.standing} />
              </dd>
            </div>
            <div>
              <dt className="label">Left</dt>
              <dd className="num">
                <Left allowance={due.allowance} timeZone={due.timeZone} />
              </dd>
            </div>
          </>
        ) : null}
      </dl>
      {open ? (
        <ButtonLink to="/competitions/$slug/submit" {...place} size="xs" aria-label={`Submit to ${due.title}`}>
          Submit
        </ButtonLink>
      ) : (
        <span className="dim">Not open yet</span>
      )}
    </li>
  );
}

function Standing({ standing }: Pick<Due, 'standing'>) {
  if (standing === null) return <span className="dim">no score yet</span>;
  const { rank, teams, metric, value } = standing;
  return (
    <>
      {rank === null || teams === null ? null : (
        <>
          <strong>{rank.toLocaleString('en-US')}</strong> of {formatCount(teams, 'team')},{' '}
        </>
      )}
      <span className="mono">{metric}</span> {formatValue(value)}
    </>
  );
}

function Left({ allowance: { leftToday, leftTotal, dailyLimit, totalLimit, nextSlotAt }, timeZone }: LeftProps) {
  if (leftToday === null) return 'no limit';
  const today = dailyLimit === null ? undefined : `${leftToday} of ${dailyLimit} today`;
  const total = leftTotal === null ? undefined : `${leftTotal} of ${totalLimit} in total`;
  return (
    <>
      {[today, total].filter((part) => part !== undefined).join(', ')}
      {nextSlotAt === null ? null : (
        <>
          , next <When at={nextSlotAt} timeZone={timeZone} />
        </>
      )}
    </>
  );
}

type LeftProps = Pick<Due, 'allowance' | 'timeZone'>;
