import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { Slug } from '../../core/contract/common.ts';
import { Board } from '../../core/contract/scores.ts';
import { AuditSearch } from './audit/search.ts';
import { competitionQuery, competitionsQuery, meQuery } from './api/queries.ts';
import { HomePage } from './courses/home-page.tsx';
import { QueueSearch } from './queue/search.ts';
import { CompetitionFrame } from './competition/frame.tsx';
import { CrashPage, NotFoundPage } from './shell/fallback-pages.tsx';
import { PagePending } from './shell/page-pending.tsx';
import { Shell } from './shell/shell.tsx';
import { CompareSearch, SubmissionsSearch } from './submissions/search.ts';

/** The pages and their addresses. What the first page does not need is fetched when its route is entered, or pointed at. */

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({ next: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./people/sign-in-page.tsx'), 'SignInPage'),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./people/forgot-password-page.tsx'), 'ForgotPasswordPage'),
});

const setPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/set-password/$token',
  component: lazyRouteComponent(() => import('./people/set-password-page.tsx'), 'SetPasswordPage'),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join/$code',
  component: lazyRouteComponent(() => import('./people/join-page.tsx'), 'JoinPage'),
});

/** All that needs a person: without one it asks to sign in, and comes back. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (me === null) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    return { me };
  },
});

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  loader: ({ context }) => context.queryClient.ensureQueryData(competitionsQuery),
  component: HomePage,
});

const tokensRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./people/tokens-page.tsx'), 'TokensPage'),
});

/** What belongs to a course itself. */
const courseRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/courses/$course',
  beforeLoad: ({ context, params }) => {
    const course = context.me.courses.find(({ slug }) => slug === params.course);
    if (course === undefined) throw notFound();
    return { course };
  },
  component: lazyRouteComponent(() => import('./courses/course-frame.tsx'), 'CourseFrame'),
});

const announcementsRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./announcements/announcements-page.tsx'), 'AnnouncementsPage'),
});

const peopleRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/people',
  component: lazyRouteComponent(() => import('./roster/people-page.tsx'), 'PeoplePage'),
});

const folderRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/folder',
  component: lazyRouteComponent(() => import('./courses/folder-page.tsx'), 'FolderPage'),
});

const timeRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/time',
  component: lazyRouteComponent(() => import('./dates/time-page.tsx'), 'TimePage'),
});

const auditRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/audit',
  validateSearch: AuditSearch,
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
});

const queueRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/queue',
  validateSearch: QueueSearch,
  component: lazyRouteComponent(() => import('./queue/queue-page.tsx'), 'QueuePage'),
});

const hooksRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/hooks',
  component: lazyRouteComponent(() => import('./hooks/hooks-page.tsx'), 'HooksPage'),
const newCompetitionRoute = createRoute({
  getParentRoute: () => courseRoute,
  path: '/new-competition',
  component: lazyRouteComponent(() => import('./setup/new-competition-page.tsx'), 'NewCompetitionPage'),
});

const competitionRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/competitions/$slug',
  validateSearch: z.object({ phase: Slug.optional().catch(undefined) }),
  loader: ({ context, params }) => context.queryClient.ensureQueryData(competitionQuery(params.slug)),
  component: CompetitionFrame,
});

const overviewRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./competition/overview-page.tsx'), 'OverviewPage'),
});

const dataRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/data',
  component: lazyRouteComponent(() => import('./competition/data-page.tsx'), 'DataPage'),
});

const leaderboardRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/leaderboard',
  validateSearch: z.object({ board: Board.optional().catch(undefined), part: Slug.optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./leaderboard/leaderboard-page.tsx'), 'LeaderboardPage'),
});

const submitRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submit',
  component: lazyRouteComponent(() => import('./submit/submit-page.tsx'), 'SubmitPage'),
});

const submissionsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submissions',
  validateSearch: SubmissionsSearch,
  component: lazyRouteComponent(() => import('./submissions/submissions-page.tsx'), 'SubmissionsPage'),
});

const submissionRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submissions/$id',
  component: lazyRouteComponent(() => import('./submissions/submission-page.tsx'), 'SubmissionPage'),
});

const compareRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/compare',
  validateSearch: CompareSearch,
  component: lazyRouteComponent(() => import('./submissions/compare-page.tsx'), 'ComparePage'),
});

const myGradeRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/my-grade',
  component: lazyRouteComponent(() => import('./grades/my-grade-page.tsx'), 'MyGradePage'),
});

const extensionsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/extensions',
  component: lazyRouteComponent(() => import('./dates/extensions-page.tsx'), 'ExtensionsPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

const teamRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/team',
  validateSearch: z.object({ join: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./teams/team-page.tsx'), 'TeamPage'),
});

const teamsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/teams',
  component: lazyRouteComponent(() => import('./teams/teams-page.tsx'), 'TeamsPage'),
});

const scoringRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/scoring',
  validateSearch: z.object({ preview: z.number().int().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./scoring/scoring-page.tsx'), 'ScoringPage'),
});

const gradebookRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/grades',
  component: lazyRouteComponent(() => import('./grades/gradebook-page.tsx'), 'GradebookPage'),
});

const gradingRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/grading',
  validateSearch: z.object({ student: z.number().int().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./grades/grading-page.tsx'), 'GradingPage'),
const setupRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./setup/setup-page.tsx'), 'SetupPage'),
});

const notebookRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submissions/$id/notebook/$attempt',
  component: lazyRouteComponent(() => import('./notebook/notebook-page.tsx'), 'NotebookPage'),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  forgotPasswordRoute,
  setPasswordRoute,
  joinRoute,
  signedInRoute.addChildren([
    homeRoute,
    tokensRoute,
    courseRoute.addChildren([
      announcementsRoute,
      queueRoute,
      peopleRoute,
      timeRoute,
      folderRoute,
      hooksRoute,
      auditRoute,
    ]),
    courseRoute.addChildren([announcementsRoute, peopleRoute, auditRoute, newCompetitionRoute]),
    competitionRoute.addChildren([
      overviewRoute,
      dataRoute,
      leaderboardRoute,
      submitRoute,
      submissionsRoute,
      submissionRoute,
      compareRoute,
      myGradeRoute,
      gradebookRoute,
      gradingRoute,
      scoringRoute,
      extensionsRoute,
      settingsRoute,
      teamRoute,
      teamsRoute,
      setupRoute,
      notebookRoute,
    ]),
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultPendingMinMs: 300,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: CrashPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
