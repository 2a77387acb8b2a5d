import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { Slug } from '../../../core/contract/common.ts';
import { Board } from '../../../core/contract/scores.ts';
import { competitionQuery, leaderboardQuery } from '../api/queries.ts';
import { CompetitionFrame } from '../competition/frame.tsx';
import { CompareSearch, SubmissionsSearch } from '../submissions/search.ts';
import { signedInRoute } from './base.ts';

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
  component: lazyRouteComponent(() => import('../competition/overview-page.tsx'), 'OverviewPage'),
});

const dataRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/data',
  component: lazyRouteComponent(() => import('../competition/data-page.tsx'), 'DataPage'),
});

const leaderboardRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/leaderboard',
  validateSearch: z.object({ board: Board.optional().catch(undefined), part: Slug.optional().catch(undefined) }),
  loaderDeps: ({ search: { phase, board, part } }) => ({ phase, isPlain: board !== 'private' && part === undefined }),
  // Beside the page's script, not after it: the board that most come for. Which of the others may be read, the page knows.
  loader: ({ context, params: { slug }, deps: { phase, isPlain } }) => {
    if (!isPlain) return;
    void context.queryClient.prefetchInfiniteQuery(leaderboardQuery({ slug, phase, board: 'public', part: undefined }));
  },
  component: lazyRouteComponent(() => import('../leaderboard/leaderboard-page.tsx'), 'LeaderboardPage'),
});

const submitRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submit',
  component: lazyRouteComponent(() => import('../submit/submit-page.tsx'), 'SubmitPage'),
});

const submissionsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submissions',
  validateSearch: SubmissionsSearch,
  component: lazyRouteComponent(() => import('../submissions/submissions-page.tsx'), 'SubmissionsPage'),
});

const submissionRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submissions/$id',
  component: lazyRouteComponent(() => import('../submissions/submission-page.tsx'), 'SubmissionPage'),
});

const compareRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/compare',
  validateSearch: CompareSearch,
  component: lazyRouteComponent(() => import('../submissions/compare-page.tsx'), 'ComparePage'),
});

const myGradeRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/my-grade',
  component: lazyRouteComponent(() => import('../grades/my-grade-page.tsx'), 'MyGradePage'),
});

const extensionsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/extensions',
  component: lazyRouteComponent(() => import('../dates/extensions-page.tsx'), 'ExtensionsPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/settings-page.tsx'), 'SettingsPage'),
});

const teamRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/team',
  validateSearch: z.object({ join: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('../teams/team-page.tsx'), 'TeamPage'),
});

const teamsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/teams',
  component: lazyRouteComponent(() => import('../teams/teams-page.tsx'), 'TeamsPage'),
});

const scoringRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/scoring',
  validateSearch: z.object({ preview: z.number().int().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('../scoring/scoring-page.tsx'), 'ScoringPage'),
});

const gradebookRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/grades',
  component: lazyRouteComponent(() => import('../grades/gradebook-page.tsx'), 'GradebookPage'),
});

const insightsRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/insights',
  component: lazyRouteComponent(() => import('../insights/insights-page.tsx'), 'InsightsPage'),
});

const gradingRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/grading',
  validateSearch: z.object({ student: z.number().int().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('../grades/grading-page.tsx'), 'GradingPage'),
});

const setupRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('../setup/setup-page.tsx'), 'SetupPage'),
});

const notebookRoute = createRoute({
  getParentRoute: () => competitionRoute,
  path: '/submissions/$id/notebook/$attempt',
  component: lazyRouteComponent(() => import('../notebook/notebook-page.tsx'), 'NotebookPage'),
});

/** The pages of a competition. */
export const competitionRoutes = competitionRoute.addChildren([
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
  insightsRoute,
  scoringRoute,
  extensionsRoute,
  settingsRoute,
  teamRoute,
  teamsRoute,
  setupRoute,
  notebookRoute,
]);
