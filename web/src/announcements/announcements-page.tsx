import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { announcementsQuery } from '../api/queries.ts';
import { useCourse } from '../courses/use-course.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { AnnouncementCard } from './announcement-card.tsx';
import { AnnouncementForm } from './announcement-form.tsx';
import classes from './announcements.module.css';

/** What the staff told the course; for staff with what it takes to tell more. */
export function AnnouncementsPage() {
  const course = useCourse();
  const isStaff = course.role !== 'student';
  const query = useInfiniteQuery(announcementsQuery(course.slug));
  const [writes, write] = useState(false);
  const announcements = query.data?.pages.flatMap((page) => page.announcements);
  return (
    <section className={classes.page} aria-label="Announcements">
      <PageTitle parts={['Announcements', course.title]} />
      {isStaff && !writes ? (
        <div>
          <Button onClick={() => write(true)}>Write an announcement</Button>
        </div>
      ) : null}
      {writes ? <AnnouncementForm announcement={undefined} onDone={() => write(false)} /> : null}
      {query.isError ? <Failure error={query.error} title="The announcements could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={160} aria-label="Loading the announcements" /> : null}
      {announcements?.length === 0 ? (
        <EmptyState title="Nothing has been announced yet">
          {isStaff ? <p>What you write here is shown to everybody in the course.</p> : null}
        </EmptyState>
      ) : null}
      {announcements?.map((announcement) => (
        <AnnouncementCard key={announcement.id} announcement={announcement} />
      ))}
      {query.hasNextPage ? (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      ) : null}
    </section>
  );
}
