import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { getGradebook, getGradeScheme } from '../../../core/contract/grades.ts';
import { getMyGrade, listRegrades } from '../../../core/contract/regrades.ts';
import { call } from '../api/call.ts';

/** The questions that the pages of grades ask; all of their keys begin with `grades`. */

interface PhaseKey {
  readonly slug: string;
  readonly phase: string | undefined;
}

export function myGradeQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['grades', slug, phase ?? null, 'mine'],
    queryFn: ({ signal }) => call(getMyGrade, { params: { slug }, query: { phase }, signal }),
  });
}

export function schemeQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['grades', slug, phase ?? null, 'scheme'],
    queryFn: ({ signal }) => call(getGradeScheme, { params: { slug }, query: { phase }, signal }),
  });
}

export function gradebookQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['grades', slug, phase ?? null, 'book'],
    queryFn: ({ signal }) => call(getGradebook, { params: { slug }, query: { phase }, signal }),
  });
}

export function regradesQuery({ slug, phase }: PhaseKey) {
  return queryOptions({
    queryKey: ['grades', slug, phase ?? null, 'regrades'],
    queryFn: async ({ signal }) => (await call(listRegrades, { params: { slug }, query: { phase }, signal })).regrades,
  });
}

/** After any change: one grade more or less changes the summary and the ranks of the page as well. */
export async function readGradesAgain(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['grades'] });
}
