import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { myStandingQuery } from '../api/queries.ts';
import { makeIdempotencyKey, uploadSubmission } from '../api/upload.ts';
import { checkCode, type CheckPlace, kindOf } from './check-code.ts';
import type { CheckOutcome } from './check-messages.ts';
import { type Flow, nextFlow } from './flow.ts';
import { useChecker } from './use-checker.ts';

const noPredictions: CheckOutcome = {
  kind: 'rejected',
  errors: [{ message: 'Predictions are not accepted here: send the code that makes them, as .py, .ipynb or .zip.' }],
  moreErrors: 0,
};

/** From a file to a submission: choose, check here, send, follow. Leaving the page cancels what is on its way. */
export function useSubmitFlow(place: CheckPlace) {
  const { slug, phase, maxBytes } = place;
  const queryClient = useQueryClient();
  const check = useChecker({ slug, phase, maxBytes });
  const [flow, dispatch] = useReducer(nextFlow, { kind: 'choose' } satisfies Flow);
  const sending = useRef<AbortController>(undefined);
  const checking = useRef<AbortController>(undefined);
  useEffect(
    () => () => {
      sending.current?.abort();
      checking.current?.abort();
    },
    [],
  );

  const choose = (file: File) => {
    const chosen = { file, idempotencyKey: makeIdempotencyKey() };
    const control = new AbortController();
    checking.current?.abort();
    checking.current = control;
    dispatch({ kind: 'chosen', chosen });
    const tell = (outcome: CheckOutcome) => dispatch({ kind: 'outcome', chosen, outcome });
    const look = async () => {
      const sent = await kindOf(file, place.accepts);
      if (sent !== 'other') tell(await checkCode(file, sent, place, control.signal));
      else if (place.accepts.includes('predictions')) check(file, tell);
      else tell(noPredictions);
    };
    look().catch(() => {
      if (!control.signal.aborted) tell({ kind: 'unchecked', reason: 'This browser could not read the file.' });
    });
  };

  const claim = (file: File | undefined) => {
    dispatch({ kind: 'claimed', file, idempotencyKey: makeIdempotencyKey() });
    if (file !== undefined) check(file, (outcome) => dispatch({ kind: 'claim-outcome', file, outcome }));
  };

  const send = async (note: string, part: string | undefined) => {
    if (flow.kind !== 'checked') return;
    const control = new AbortController();
    sending.current = control;
    dispatch({ kind: 'send' });
    try {
      // The rank to compare with. Not knowing it must not stop a submission.
      const standing = await queryClient
        .fetchQuery({ ...myStandingQuery({ slug, phase }), staleTime: 0, retry: false, networkMode: 'always' })
        .catch(() => undefined);
      const upload = { slug, phase, part, note, ...flow.chosen, predictions: flow.claim?.file };
      const watcher = {
        onProgress: (share: number) => dispatch({ kind: 'progress', share }),
        onLost: () => dispatch({ kind: 'lost' }),
      };
      const receipt = await uploadSubmission(upload, watcher, control.signal);
      dispatch({ kind: 'sent', receipt, rankBefore: standing?.me?.rank ?? undefined });
      void queryClient.invalidateQueries({ queryKey: ['submissions', slug] });
    } catch (error) {
      dispatch(control.signal.aborted ? { kind: 'not-sent' } : { kind: 'not-sent', error });
    }
    void queryClient.invalidateQueries({ queryKey: ['allowance', slug] });
  };

  return {
    flow,
    choose,
    claim,
    send,
    cancel: () => sending.current?.abort(),
    restart: () => dispatch({ kind: 'restart' }),
  };
}
