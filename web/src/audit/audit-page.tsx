import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { auditQuery } from '../api/queries.ts';
import { useCourse } from '../courses/use-course.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { AuditFilter } from './audit-filter.tsx';
import { AuditLine } from './audit-line.tsx';
import classes from './audit.module.css';

const route = getRouteApi('/signed-in/courses/$course/audit');

/** What the staff of a course did, to be searched. */
export function AuditPage() {
  const course = useCourse();
  const search = route.useSearch();
  const query = useInfiniteQuery(auditQuery(course.slug, search));
  const entries = query.data?.pages.flatMap((page) => page.entries);
  const [first] = query.data?.pages ?? [];
  const narrowed = Object.values(search).some((value) => value !== undefined);
  return (
    <section className="stack" aria-label="Log">
      <PageTitle parts={['Log', course.title]} />
      <p className="dim">Every act of the course’s staff. Nothing of it can be changed or taken away.</p>
      <AuditFilter search={search} actions={first?.actions ?? []} actors={first?.actors ?? []} />
      {query.isError ? <Failure error={query.error} title="The log could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={240} aria-label="Loading the log" /> : null}
      {entries?.length === 0 ? (
        <EmptyState title={narrowed ? 'Nothing in the log is like that' : 'Nothing has been done yet'} />
      ) : null}
      {entries === undefined || entries.length === 0 ? null : (
        <ol className={classes.list} aria-busy={query.isPlaceholderData}>
          {entries.map((entry) => (
            <AuditLine key={entry.id} entry={entry} timeZone={course.timeZone} />
          ))}
        </ol>
      )}
      {query.hasNextPage ? (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      ) : null}
    </section>
  );
}
