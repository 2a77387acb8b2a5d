import { Skeleton } from '@mantine/core';

/** The outline of a page while its content is on the way. */
export function PagePending() {
  return (
    <div className="stack" role="status" aria-label="Loading">
      <Skeleton height={36} width="min(22rem, 70%)" />
      <Skeleton height={18} width="min(32rem, 90%)" />
      <Skeleton height={180} mt="md" />
      <Skeleton height={180} />
    </div>
  );
}
