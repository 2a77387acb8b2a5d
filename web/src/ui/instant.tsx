import { useSyncExternalStore } from 'react';
import { formatInstant, formatRelative } from '../format/time.ts';

/** A time in the course's zone with its distance from now, which stays true while the page is open. */
export function When({ at, timeZone }: { at: string; timeZone: string }) {
  const now = useMinute();
  return (
    <time dateTime={at} className="num">
      {formatInstant(at, timeZone, now)} <span className="dim">({formatRelative(at, now)})</span>
    </time>
  );
}

/** Only the distance; the whole time is in its title. */
export function Ago({ at, timeZone }: { at: string; timeZone: string }) {
  const now = useMinute();
  return (
    <time dateTime={at} title={formatInstant(at, timeZone, now)}>
      {formatRelative(at, now)}
    </time>
  );
}

const MINUTE_MS = 60_000;

/** Now, to the minute: one timer for all the times of a page. */
function useMinute(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS / 2);
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((tell) => tell()), 10_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
