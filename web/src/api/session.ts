import type { QueryClient } from '@tanstack/react-query';
import type { Me } from '../../../core/contract/people.ts';
import { meQuery } from './queries.ts';

/**
 * Tells every page who is signed in now; null: nobody. What was read as another person is forgotten. The answer to who I am itself stays in
 * the cache: pages that show it would not hear of a new one under a removed entry.
 */
export function changePerson(queryClient: QueryClient, me: Me | null): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
  queryClient.setQueryData(meQuery.queryKey, me);
}
