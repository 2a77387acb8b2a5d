import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { myStandingQuery } from '../api/queries.ts';
import { makeIdempotencyKey, uploadSubmission } from '../api/upload.ts';
import { type Flow, nextFlow } from './flow.ts';
import { useChecker } from './use-checker.ts';

interface SubmitPlace {
  readonly slug: string;
  readonly phase: string | undefined;
  readonly maxBytes: number;
}

/** From a file to a submission: choose, check here, send, follow. Leaving the page cancels what is on its way. */
export function useSubmitFlow({ slug, phase, maxBytes }: SubmitPlace) {
  const queryClient = useQueryClient();
  const check = useChecker({ slug, phase, maxBytes });
  const [flow, dispatch] = useReducer(nextFlow, { kind: 'choose' } satisfies Flow);
  const sending = useRef<AbortController>(undefined);
  useEffect(() => () => sending.current?.abort(), []);

  const choose = (file: File) => {
    const chosen = { file, idempotencyKey: makeIdempotencyKey() };
    dispatch({ kind: 'chosen', chosen });
    check(file, (outcome) => dispatch({ kind: 'outcome', chosen, outcome }));
  };

  const send = async (note: string) => {
    if (flow.kind !== 'checked') return;
    const control = new AbortController();
    sending.current = control;
    dispatch({ kind: 'send' });
    try {
      // The rank to compare with. Not knowing it must not stop a submission.
      const standing = await queryClient
        .fetchQuery({ ...myStandingQuery({ slug, phase }), staleTime: 0, retry: false })
        .catch(() => undefined);
      const upload = { slug, phase, note, ...flow.chosen };
      const receipt = await uploadSubmission(upload, (share) => dispatch({ kind: 'progress', share }), control.signal);
      dispatch({ kind: 'sent', receipt, rankBefore: standing?.me?.rank ?? undefined });
      void queryClient.invalidateQueries({ queryKey: ['submissions', slug] });
    } catch (error) {
      dispatch(control.signal.aborted ? { kind: 'not-sent' } : { kind: 'not-sent', error });
    }
    void queryClient.invalidateQueries({ queryKey: ['allowance', slug] });
  };

  return { flow, choose, send, cancel: () => sending.current?.abort(), restart: () => dispatch({ kind: 'restart' }) };
}
