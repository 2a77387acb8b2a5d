import { useCallback, useEffect, useRef } from 'react';
import { getShape } from '../../../core/contract/competitions.ts';
import { urlOf } from '../api/call.ts';
import type { CheckAnswer, CheckOutcome, CheckRequest } from './check-messages.ts';

interface CheckerPlace {
  readonly slug: string;
  readonly phase: string | undefined;
  readonly maxBytes: number;
}

/** Checks files in a worker, which lives as long as the page. The outcome of a check is told, unless a newer check has begun. */
export function useChecker({
  slug,
  phase,
  maxBytes,
}: CheckerPlace): (file: File, onOutcome: (outcome: CheckOutcome) => void) => void {
  const current = useRef<{ worker: Worker; run: number; onOutcome: (outcome: CheckOutcome) => void }>(undefined);
  const shapeUrl = urlOf(getShape, { params: { slug }, query: { phase } });

  useEffect(() => {
    const worker = new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' });
    const state = { worker, run: 0, onOutcome: (_outcome: CheckOutcome): void => undefined };
    current.current = state;
    worker.addEventListener('message', (event: MessageEvent<CheckAnswer>) => {
      if (event.data.run === state.run) state.onOutcome(event.data.outcome);
    });
    worker.addEventListener('error', () =>
      state.onOutcome({
        kind: 'unchecked',
        reason: 'This browser could not check the file; it is checked after the upload.',
      }),
    );
    worker.postMessage({ kind: 'prepare', shapeUrl } satisfies CheckRequest);
    return () => worker.terminate();
  }, [shapeUrl]);

  return useCallback(
    (file, onOutcome) => {
      const state = current.current;
      if (state === undefined) return;
      state.run += 1;
      state.onOutcome = onOutcome;
      state.worker.postMessage({ kind: 'check', run: state.run, shapeUrl, file, maxBytes } satisfies CheckRequest);
    },
    [shapeUrl, maxBytes],
  );
}
