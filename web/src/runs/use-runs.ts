import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { type Run, runEvents, RunSample, RunSummary } from '../../../core/contract/runs.ts';
import type { Submission } from '../../../core/contract/submissions.ts';
import { urlOf } from '../api/call.ts';
import { jsonOf } from '../api/json.ts';
import { runsQuery } from '../api/queries.ts';
import { tellQuery } from '../api/tell-query.ts';
import { useEvents } from '../api/use-events.ts';
import { createLogFeed } from './log-feed.ts';
import { currentRun } from './stages.ts';

const POLL_MS = 2000;

const LogEvent = z.object({ offset: z.number(), text: z.string(), skipped: z.number() });

/** The runs of a submission, newest first; the one that is under way stays true by its stream, and by asking where that is down. */
export function useRuns(submission: Pick<Submission, 'id' | 'state' | 'attempt'>) {
  const { id, state, attempt } = submission;
  const queryClient = useQueryClient();
  const query = useQuery(runsQuery(id));
  const runs = query.data ?? [];
  const known = currentRun(submission, runs);
  const underway = state === 'running' && known?.stage !== 'ended';
  const live = useLiveRun();

  const liveness = useEvents(underway ? urlOf(runEvents, { params: { id } }) : undefined, {
    run: (data) => {
      const told = RunSummary.safeParse(jsonOf(data)).data;
      if (told === undefined) return void query.refetch();
      live.begin(told.attempt);
      const { queryKey } = runsQuery(id);
      const before = queryClient.getQueryData(queryKey) ?? [];
      // Of a run that has ended, what is read is newer, and more, than what the stream still tells.
      const ended = before.some((run) => run.attempt === told.attempt && run.stage === 'ended');
      if (ended || state !== 'running') void query.refetch();
      else tellQuery(queryClient, queryKey, withRun(before, told));
    },
    sample: (data) => {
      const sample = RunSample.safeParse(jsonOf(data)).data;
      if (sample !== undefined) live.sample(sample);
    },
    log: (data) => {
      const told = LogEvent.safeParse(jsonOf(data)).data;
      if (told !== undefined) live.write(told);
    },
  });

  const { refetch } = query;
  // The stream tells neither what was kept at the end, nor of an attempt that begins before it is opened.
  const phase = `${state} ${attempt} ${known?.stage === 'ended'}`;
  const read = useRef(phase);
  useEffect(() => {
    if (read.current === phase) return;
    read.current = phase;
    void refetch();
  }, [phase, refetch]);

  const poll = underway && liveness === 'down';
  useEffect(() => {
    if (!poll) return;
    const timer = setInterval(() => void refetch(), POLL_MS);
    return () => clearInterval(timer);
  }, [poll, refetch]);

  const isLive = known !== undefined && known.attempt === live.attempt && known.samples.length < live.samples.length;
  return {
    query,
    /** The newest attempt's; undefined while there is none of it. */
    run: isLive ? { ...known, samples: live.samples } : known,
    earlier: runs.filter((run) => run !== known),
    log: live.log,
  };
}

/** What only the stream tells of one attempt: its samples and its log. */
function useLiveRun() {
  const [log] = useState(() => createLogFeed());
  const [told, setTold] = useState<{ attempt: number | undefined; samples: RunSample[] }>(untold);
  const position = useRef<{ attempt: number | undefined; offset: number }>({ attempt: undefined, offset: -1 });
  return {
    ...told,
    log,
    begin: (attempt: number) => {
      if (position.current.attempt === attempt) return;
      position.current = { attempt, offset: -1 };
      log.reset();
      setTold({ attempt, samples: [] });
    },
    // A stream that was opened anew tells the last ones again.
    sample: (sample: RunSample) =>
      setTold((before) =>
        (before.samples.at(-1)?.t ?? -1) >= sample.t ? before : { ...before, samples: [...before.samples, sample] },
      ),
    // What begins at or before the last piece is a stream that was opened anew, and tells all of it again.
    write: ({ offset, text, skipped }: z.infer<typeof LogEvent>) => {
      if (offset <= position.current.offset) log.reset();
      position.current.offset = offset;
      if (skipped > 0) log.write(`\n… ${skipped.toLocaleString('en-US')} bytes are left out here …\n`);
      log.write(text);
    },
  };
}

const untold = { attempt: undefined, samples: [] };

/** A told run brings no samples: those that are known stay. */
function withRun(runs: readonly Run[], told: RunSummary): Run[] {
  const known = runs.find(({ attempt }) => attempt === told.attempt);
  const others = runs.filter((run) => run !== known);
  return [{ ...told, samples: known?.samples ?? [] }, ...others].sort((a, b) => b.attempt - a.attempt);
}
