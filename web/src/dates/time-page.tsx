import { useCourse } from '../courses/use-course.ts';
import { NotFoundPage } from '../shell/fallback-pages.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Accommodations } from './accommodations.tsx';
import classes from './dates.module.css';
import { LateDayBank } from './late-day-bank.tsx';

/** For staff: who has more time in the whole course, and who has used how many late days. */
export function TimePage() {
  const course = useCourse();
  if (course.role === 'student') return <NotFoundPage />;
  return (
    <div className={classes.page}>
      <PageTitle parts={['Extra time', course.title]} />
      <Accommodations />
      <LateDayBank />
    </div>
  );
}
