import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Course } from '../../../core/contract/courses.ts';
import { announcementsQuery } from '../api/queries.ts';
import { Ago } from '../ui/instant.tsx';
import classes from './announcements.module.css';

const SHOWN = 3;

/** The titles of what a course was told last; nothing where that is nothing. */
export function NewestAnnouncements({ course }: { course: Course }) {
  const { data } = useInfiniteQuery(announcementsQuery(course.slug));
  const published = data?.pages[0]?.announcements.filter(({ publishedAt }) => publishedAt !== null) ?? [];
  if (published.length === 0) return null;
  return (
    <ul className={classes.newest} aria-label={`Announcements of ${course.title}`}>
      {published.slice(0, SHOWN).map(({ id, title, publishedAt }) => (
        <li key={id}>
          <Link to="/courses/$course" params={{ course: course.slug }} hash={`announcement-${id}`}>
            {title}
          </Link>{' '}
          <span className="dim">
            {publishedAt === null ? null : <Ago at={publishedAt} timeZone={course.timeZone} />}
          </span>
        </li>
      ))}
    </ul>
  );
}
