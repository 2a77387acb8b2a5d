import { Skeleton } from '@mantine/core';

/** As high as a table of ten, so that nothing jumps when the rows come. */
export function BoardSkeleton() {
  return (
    <div role="status" aria-label="Loading the leaderboard">
      <Skeleton height={34} mb={8} />
      {Array.from({ length: 10 }, (_, index) => (
        <Skeleton key={index} height={40} mb={6} />
      ))}
    </div>
  );
}
