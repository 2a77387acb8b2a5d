import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Submission, submissionEvents, terminalStates } from '../../../core/contract/submissions.ts';
import { urlOf } from '../api/call.ts';
import { jsonOf } from '../api/json.ts';
import { submissionQuery } from '../api/queries.ts';
import { tellQuery } from '../api/tell-query.ts';
import { useEvents } from '../api/use-events.ts';

const POLL_MS = 2000;

/**
 * A submission that stays true until it is finished: by its stream, and by asking where the stream is down. What depends on its score is
 * read again when it finishes.
 */
export function useSubmission(id: number, known?: Submission) {
  const queryClient = useQueryClient();
  const query = useQuery({ ...submissionQuery(id), ...(known === undefined ? {} : { placeholderData: known }) });
  const { queryKey } = submissionQuery(id);
  const finished = query.data !== undefined && isFinished(query.data);
  const url = finished || query.data === undefined ? undefined : urlOf(submissionEvents, { params: { id } });
  const liveness = useEvents(url, {
    submission: (data) => {
      const parsed = Submission.safeParse(jsonOf(data));
      const before = queryClient.getQueryData(queryKey);
      // What was read may be newer than what the stream tells: an end is taken back only by reading again. What this page can't read,
      // it asks for too.
      if (!parsed.success || (before !== undefined && isFinished(before))) void query.refetch();
      else tellQuery(queryClient, queryKey, parsed.data);
    },
  });

  const poll = liveness === 'down' && !finished;
  const { refetch } = query;
  useEffect(() => {
    if (!poll) return;
    const timer = setInterval(() => void refetch(), POLL_MS);
    return () => clearInterval(timer);
  }, [poll, refetch]);

  const slug = query.data?.competition;
  const wasFinished = useRef(finished);
  useEffect(() => {
    const justFinished = finished && !wasFinished.current;
    wasFinished.current = finished;
    if (!justFinished || slug === undefined) return;
    for (const key of ['leaderboard', 'allowance', 'submissions'])
      void queryClient.invalidateQueries({ queryKey: [key, slug] });
  }, [finished, slug, queryClient]);

  return query;
}

export function isFinished(submission: Submission): boolean {
  return terminalStates.includes(submission.state);
}
