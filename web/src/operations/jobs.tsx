import { Link } from '@tanstack/react-router';
import type { JobState } from '../../../core/contract/operations.ts';
import { Ago } from '../ui/instant.tsx';
import classes from './operations.module.css';
import { needsWords, stuckWords } from './words.ts';

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What runs and what waits, the stuck ones first. */
export function Jobs({ jobs }: { jobs: readonly JobState[] }) {
  return (
    <section className="card stack" aria-labelledby="jobs">
      <h2 id="jobs">Running and waiting</h2>
      {jobs.length === 0 ? <p className="dim">Nothing runs, and nothing waits.</p> : null}
      <ul className={classes.list}>
        {jobs.map((job) => (
          <JobLine key={job.submissionId} job={job} />
        ))}
      </ul>
    </section>
  );
}

function JobLine({ job }: { job: JobState }) {
  const { submissionId, competition, phase, needs, state, since, attempt, tries, worker, stuck, fault } = job;
  return (
    <li className={classes.item} data-testid="job" data-stuck={stuck ?? undefined}>
      <p>
        <Link
          to="/competitions/$slug/submissions/$id"
          params={{ slug: competition, id: String(submissionId) }}
          search={{ phase }}
        >
          Submission {submissionId}
        </Link>{' '}
        <span className="dim">
          of {competition}, {phase}; {needsWords[needs]}
        </span>
      </p>
      <p className="num">
        {state === 'running' ? 'running' : 'waiting'} since <Ago at={since} timeZone={timeZone} />
        {worker === null || state === 'queued' ? null : ` on ${worker}`}, attempt {attempt}
        {tries < 2 ? null : `, ${tries} tries`}
        {stuck === null ? null : <strong className={classes.bad}>: {stuckWords[stuck]}</strong>}
      </p>
      {fault === null ? null : <p className="dim">{fault}</p>}
    </li>
  );
}
