import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { allowanceQuery } from '../api/queries.ts';
import { When } from '../ui/instant.tsx';
import classes from './submit.module.css';

/** How many submissions are left, and when the next is possible. */
export function AllowanceLine({
  slug,
  phase,
  timeZone,
}: {
  slug: string;
  phase: string | undefined;
  timeZone: string;
}) {
  const { data, isPending } = useQuery(allowanceQuery({ slug, phase }));
  if (isPending) return <Skeleton height={28} width={220} />;
  if (data === undefined) return null;
  const { dailyLimit, leftToday, totalLimit, leftTotal, nextSlotAt } = data;
  return (
    <p className={`num ${classes.allowance}`} aria-live="polite">
      {leftToday === null ? (
        leftTotal === null ? (
          'No limit on submissions'
        ) : null
      ) : (
        <span>
          <strong>{leftToday}</strong> of {dailyLimit} left today
        </span>
      )}
      {leftTotal === null ? null : (
        <span>
          <strong>{leftTotal}</strong> of {totalLimit} left in total
        </span>
      )}
      {nextSlotAt === null ? null : (
        <span>
          next possible <When at={nextSlotAt} timeZone={timeZone} />
        </span>
      )}
    </p>
  );
}
