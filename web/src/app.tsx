import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, isProblem } from './api/problem.ts';
import { meQuery } from './api/queries.ts';
import { createAppRouter } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

export function App() {
  const [{ queryClient, router }] = useState(createClients);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function createClients() {
  const queryClient = new QueryClient({
    queryCache: new QueryCache({
      // A session that has ended shows itself in any answer: the guard of the routes then asks for signing in, and comes back here.
      onError: (error) => {
        if (!isProblem(error, 'unauthenticated')) return;
        queryClient.setQueryData(meQuery.queryKey, null);
        void router.invalidate();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        // What the client did wrong stays wrong; a server or a network that is down may come back.
        retry: (failures, error) =>
          failures < 2 && !(error instanceof ApiProblem && error.problem.status >= 400 && error.problem.status < 500),
      },
    },
  });
  const router = createAppRouter(queryClient);
  return { queryClient, router };
}
