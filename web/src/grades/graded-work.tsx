import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { GradebookRow } from '../../../core/contract/grades.ts';
import { submissionQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Attachments } from '../submissions/attachments.tsx';
import { Failure } from '../ui/notice.tsx';
import { GradeLines } from './grade-lines.tsx';
import classes from './grading.module.css';

/** What is graded: the submission that counts with what was handed in beside it, and the grade as it stands. */
export function GradedWork({ row }: { row: GradebookRow }) {
  return (
    <aside className={`stack ${classes.work}`} aria-label={`What ${row.name} handed in`}>
      {row.submissionId === null ? (
        <p className="dim">No submission of theirs counts.</p>
      ) : (
        <Work key={row.submissionId} id={row.submissionId} />
      )}
      <GradeLines grade={row.grade} />
    </aside>
  );
}

function Work({ id }: { id: number }) {
  const { competition, phaseSlug } = useCompetition();
  const { data, error } = useQuery(submissionQuery(id));
  return (
    <>
      <p>
        <Link
          to="/competitions/$slug/submissions/$id"
          params={{ slug: competition.slug, id: String(id) }}
          search={{ phase: phaseSlug }}
        >
          {`Submission ${id}`}
        </Link>{' '}
        <span className="dim">{data?.file.name}</span>
      </p>
      {error === null ? null : <Failure error={error} title="The submission could not be loaded" />}
      {data === undefined && error === null ? <Skeleton height={60} /> : null}
      {data === undefined ? null : <Attachments submission={data} />}
    </>
  );
}
