import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { AuditSearch } from '../audit/search.ts';
import { QueueSearch } from '../queue/search.ts';
import { signedInRoute } from './base.ts';

/** What belongs to a course itself. */
const courseRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/courses/$course',
  beforeLoad: ({ context, params }) => {
    const course = context.me.courses.find(({ slug }) => slug === params.course);
    if (course === undefined) throw notFound();
    return { course };
  },
  component: lazyRouteComponent(() => import('../courses/course-frame.tsx'), 'CourseFrame'),
});

const announcementsRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../announcements/announcements-page.tsx'), 'AnnouncementsPage'),
});

const peopleRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/people',
  component: lazyRouteComponent(() => import('../roster/people-page.tsx'), 'PeoplePage'),
});

const folderRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/folder',
  component: lazyRouteComponent(() => import('../courses/folder-page.tsx'), 'FolderPage'),
});

const timeRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/time',
  component: lazyRouteComponent(() => import('../dates/time-page.tsx'), 'TimePage'),
});

const auditRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/audit',
  validateSearch: AuditSearch,
  component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
});

const queueRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/queue',
  validateSearch: QueueSearch,
  component: lazyRouteComponent(() => import('../queue/queue-page.tsx'), 'QueuePage'),
});

const hooksRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/hooks',
  component: lazyRouteComponent(() => import('../hooks/hooks-page.tsx'), 'HooksPage'),
});

const newCompetitionRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/new-competition',
  component: lazyRouteComponent(() => import('../setup/new-competition-page.tsx'), 'NewCompetitionPage'),
});

/** The pages of a course. */
export const courseRoutes = courseRoute.addChildren([
  announcementsRoute,
  queueRoute,
  peopleRoute,
  timeRoute,
  folderRoute,
  hooksRoute,
  auditRoute,
  newCompetitionRoute,
]);
