import { Button } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { isProblem, sentenceOf } from '../api/problem.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ButtonLink } from '../ui/links.tsx';
import { PageTitle } from '../ui/page-title.tsx';

export function NotFoundPage() {
  return (
    <>
      <PageTitle parts={['Page not found']} />
      <EmptyState page title="There is no such page">
        <p>The address may have a typing error, or what was here is not yours to see.</p>
        <ButtonLink to="/" mt="md">
          To my competitions
        </ButtonLink>
      </EmptyState>
    </>
  );
}

/** What stands where a page broke: what happened in a sentence, and a way on. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  if (isProblem(error, 'not-found')) return <NotFoundPage />;
  return (
    <div role="alert">
      <PageTitle parts={['Something went wrong']} />
      <EmptyState page title="This page could not be shown">
        <p>{sentenceOf(error)}</p>
        <Button
          mt="md"
          onClick={() => {
            queries.reset();
            reset();
            void router.invalidate();
          }}
        >
          Try again
        </Button>
      </EmptyState>
    </div>
  );
}
