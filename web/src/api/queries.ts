import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listAnnouncements } from '../../../core/contract/announcements.ts';
import { listAuditEntries, type AuditQuery } from '../../../core/contract/audit.ts';
import { getCompetition, listCompetitions } from '../../../core/contract/competitions.ts';
import { getFinalStanding } from '../../../core/contract/final-standing.ts';
import { getLeaderboard } from '../../../core/contract/leaderboard.ts';
import { getMe, listTokens } from '../../../core/contract/people.ts';
import { listRuns } from '../../../core/contract/runs.ts';
import type { Board } from '../../../core/contract/scores.ts';
import {
  getAllowance,
  getSubmission,
  listSubmissions,
  type SubmissionState,
} from '../../../core/contract/submissions.ts';
import { call } from './call.ts';
import { isProblem } from './problem.ts';

/** Every question that pages ask, with the key that its answer is kept under. */

/** Null: nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }) => {
    try {
      return await call(getMe, { signal });
    } catch (error) {
      if (isProblem(error, 'unauthenticated')) return null;
      throw error;
    }
  },
});

export const competitionsQuery = queryOptions({
  queryKey: ['competitions'],
  queryFn: async ({ signal }) => (await call(listCompetitions, { signal })).competitions,
});

export function competitionQuery(slug: string) {
  return queryOptions({
    queryKey: ['competition', slug],
    staleTime: 30_000,
    queryFn: ({ signal }) => call(getCompetition, { params: { slug }, signal }),
  });
}

interface PhaseKey {
  readonly slug: string;
  readonly phase: string | undefined;
}

const firstRows = 100;
/** The most that a page may have. */
const furtherRows = 2000;

interface BoardKey extends PhaseKey {
  readonly board: Board;
  /** Only what is for this part of the phase. */
  readonly part: string | undefined;
}

/** A board: its first rows, which most people look at, then all others. */
export function leaderboardQuery({ slug, phase, board, part }: BoardKey) {
  return infiniteQueryOptions({
    queryKey: ['leaderboard', slug, phase ?? null, board, part ?? null],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) =>
      call(getLeaderboard, {
        params: { slug },
        query: {
          phase,
          board,
          part,
          limit: pageParam === 0 ? firstRows : furtherRows,
          cursor: pageParam === 0 ? undefined : pageParam,
        },
        signal,
      }),
    getNextPageParam: (page) => (page.nextCursor === undefined ? undefined : Number(page.nextCursor)),
  });
}

/** Whether a phase's final standing is frozen, and its hash. */
export function finalStandingQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['final', slug, phase ?? null],
    queryFn: ({ signal }) => call(getFinalStanding, { params: { slug }, query: { phase }, signal }),
  });
}

/** My team's row on the public board, and nothing else of it. */
export function myStandingQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['leaderboard', slug, phase ?? null, 'mine'],
    queryFn: async ({ signal }) => {
      const { me, teams } = await call(getLeaderboard, {
        params: { slug },
        query: { phase, board: 'public', limit: 1 },
        signal,
      });
      return { me, teams };
    },
  });
}

export function allowanceQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['allowance', slug, phase ?? null],
    queryFn: ({ signal }) => call(getAllowance, { params: { slug }, query: { phase }, signal }),
  });
}

export function submissionsQuery({ slug, phase, state }: PhaseKey & { state: SubmissionState | undefined }) {
  return infiniteQueryOptions({
    queryKey: ['submissions', slug, phase ?? null, state ?? null],
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) =>
      call(listSubmissions, {
        params: { slug },
        query: { phase, state, cursor: pageParam === 0 ? undefined : pageParam },
        signal,
      }),
    getNextPageParam: (page) => (page.nextCursor === undefined ? undefined : Number(page.nextCursor)),
  });
}

export function submissionQuery(id: number) {
  return queryOptions({
    queryKey: ['submission', id],
    queryFn: ({ signal }) => call(getSubmission, { params: { id }, signal }),
  });
}

/** Newest first. */
export function runsQuery(submissionId: number) {
  return queryOptions({
    queryKey: ['runs', submissionId],
    queryFn: async ({ signal }) => (await call(listRuns, { params: { id: submissionId }, signal })).runs,
  });
}

/** What the staff told a course, page by page, newest first. */
export function announcementsQuery(course: string) {
  return infiniteQueryOptions({
    queryKey: ['announcements', course],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) =>
      call(listAnnouncements, { params: { course }, query: { cursor: pageParam }, signal }),
    getNextPageParam: (page) => (page.nextCursor === undefined ? undefined : Number(page.nextCursor)),
  });
}

/** What the staff of a course did, page by page, newest first. */
export function auditQuery(course: string, filter: Omit<AuditQuery, 'cursor' | 'limit'>) {
  return infiniteQueryOptions({
    queryKey: ['audit', course, filter],
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) =>
      call(listAuditEntries, {
        params: { course },
        query: { ...filter, cursor: pageParam === 0 ? undefined : pageParam },
        signal,
      }),
    getNextPageParam: (page) => (page.nextCursor === undefined ? undefined : Number(page.nextCursor)),
  });
}

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await call(listTokens, { signal })).tokens,
});
