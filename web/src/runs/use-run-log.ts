import { useEffect, useState } from 'react';
import { getRunLog, type Run } from '../../../core/contract/runs.ts';
import { urlOf } from '../api/call.ts';
import { readText } from '../api/read-text.ts';
import { createLogFeed, type LogFeed } from './log-feed.ts';

/** The kept log of a run that has ended; without a feed until all of it is here. */
export interface KeptLog {
  readonly feed: LogFeed | undefined;
  readonly error: unknown;
}

/** @param run undefined, or without a log: nothing is read */
export function useRunLog(submissionId: number, run: Pick<Run, 'attempt' | 'log'> | undefined): KeptLog {
  const url = run?.log === undefined ? undefined : logUrl(submissionId, run);
  const [kept, setKept] = useState<KeptLog & { url: string | undefined }>({ url, feed: undefined, error: undefined });
  useEffect(() => {
    if (url === undefined) return;
    const control = new AbortController();
    const feed = createLogFeed();
    const read = async () => {
      for await (const text of readText(url, control.signal)) feed.write(text);
    };
    read().then(
      () => setKept({ url, feed, error: undefined }),
      (error: unknown) => {
        if (!control.signal.aborted) setKept({ url, feed: undefined, error });
      },
    );
    return () => control.abort();
  }, [url]);
  return kept.url === url ? kept : { feed: undefined, error: undefined };
}

export function logUrl(submissionId: number, { attempt }: Pick<Run, 'attempt'>): string {
  return urlOf(getRunLog, { params: { id: submissionId, attempt } });
}
