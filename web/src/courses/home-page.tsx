import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Role } from '../../../core/contract/people.ts';
import { NewestAnnouncements } from '../announcements/newest-announcements.tsx';
import { competitionsQuery } from '../api/queries.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { CompetitionCard } from './competition-card.tsx';
import { DueList } from './due-list.tsx';
import classes from './home-page.module.css';

const route = getRouteApi('/signed-in/');

export function HomePage() {
  const { me } = route.useRouteContext();
  const { data: competitions } = useSuspenseQuery(competitionsQuery);
  return (
    <div className={classes.page}>
      <PageTitle parts={['Competitions']} />
      <h1>Competitions</h1>
      {me.courses.length === 0 ? (
        <EmptyState title="You are not in a course yet">
          <p>Your instructor adds you with the address {me.email}. Then its competitions are listed here.</p>
        </EmptyState>
      ) : null}
      {me.courses.some(({ role }) => role === 'student') ? <DueList /> : null}
      {me.courses.map((course) => {
        const mine = competitions.filter((competition) => competition.course === course.slug);
        return (
          <section key={course.slug} aria-labelledby={`course-${course.slug}`} className={classes.course}>
            <div className={classes.courseHead}>
              <h2 id={`course-${course.slug}`}>
                <Link to="/courses/$course" params={{ course: course.slug }} className={classes.courseLink}>
                  {course.title}
                </Link>
              </h2>
              <span className="label">
                {course.slug}
                {course.role === 'student' ? '' : ` · ${course.role}`}
              </span>
            </div>
            {course.role === 'student' ? null : <StaffLinks course={course} />}
            <NewestAnnouncements course={course} />
            {mine.length === 0 ? (
              <EmptyState title="Nothing to compete in yet">
                <p>
                  {course.role === 'instructor'
                    ? 'Make the first competition: it stays a draft until you publish it.'
                    : 'Competitions appear here as soon as your instructor publishes them.'}
                </p>
              </EmptyState>
            ) : (
              <ul className={classes.cards}>
                {mine.map((competition) => (
                  <li key={competition.slug}>
                    <CompetitionCard competition={competition} />
                  </li>
                ))}
              </ul>
            )}
          </section>
        );
      })}
    </div>
  );
}

/** Where staff go on from here. */
function StaffLinks({ course: { slug, role } }: { course: { readonly slug: string; readonly role: Role } }) {
  const link = { variant: 'default', size: 'xs', params: { course: slug } } as const;
  return (
    <div className="row">
      <ButtonLink to="/courses/$course/queue" {...link}>
        What needs you
      </ButtonLink>
      {role === 'instructor' ? (
        <ButtonLink to="/courses/$course/new-competition" {...link}>
          New competition
        </ButtonLink>
      ) : null}
    </div>
  );
}
