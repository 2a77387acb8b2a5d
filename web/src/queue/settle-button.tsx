import { Button } from '@mantine/core';
import type { Submission } from '../../../core/contract/submissions.ts';
import { Failure } from '../ui/notice.tsx';
import { useSettle } from './use-settle.ts';

/** For staff, beside what broke or was noticed: whether it is still in the queue, and how to change that. */
export function SettleButton({ submission: { id, settled } }: { submission: Submission }) {
  const settle = useSettle();
  if (settled === undefined) return null;
  return (
    <div className="row">
      <Button
        variant="default"
        size="xs"
        loading={settle.isPending}
        onClick={() => settle.mutate({ id, settled: !settled })}
      >
        {settled ? 'Put it back into the queue' : 'Done: take it from the queue'}
      </Button>
      {settle.isError ? <Failure error={settle.error} /> : null}
    </div>
  );
}
