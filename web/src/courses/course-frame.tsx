import { Link, Outlet } from '@tanstack/react-router';
import classes from '../competition/frame.module.css';
import { useCourse } from './use-course.ts';

/** What is around all pages of a course: its title and tabs. */
export function CourseFrame() {
  const course = useCourse();
  const tab = {
    params: { course: course.slug },
    className: classes.tab,
    activeProps: { 'aria-current': 'page' as const },
  };
  return (
    <>
      <header className={classes.head}>
        <p className="label">{course.slug}</p>
        <h1>{course.title}</h1>
      </header>
      <nav aria-label="Course" className={`${classes.navigation} ${classes.tabs}`}>
        <Link to="/courses/$course" activeOptions={{ exact: true }} {...tab}>
          Announcements
        </Link>
        {course.role === 'student' ? null : (
          <>
            <Link to="/courses/$course/queue" {...tab} activeOptions={{ includeSearch: false }}>
              Queue
            </Link>
            <Link to="/courses/$course/people" {...tab}>
              People
            </Link>
            <Link to="/courses/$course/time" {...tab}>
              Extra time
            </Link>
            <Link to="/courses/$course/audit" {...tab} activeOptions={{ includeSearch: false }}>
              Log
            </Link>
          </>
        )}
        {course.role === 'instructor' ? (
          <>
            <Link to="/courses/$course/hooks" {...tab}>
              Hooks
            </Link>
            <Link to="/courses/$course/new-competition" {...tab}>
              New competition
            </Link>
            <Link to="/courses/$course/folder" {...tab}>
              From a folder
            </Link>
          </>
        ) : null}
      </nav>
      <Outlet />
    </>
  );
}
