import { useSyncExternalStore } from 'react';
import { formatInstant, formatRelative } from '../format/time.ts';

/** A time in the course's zone with its distance from now, which stays true while the page is open. */
export function When({ at, timeZone }: { at: string; timeZone: string }) {
  const now = useNow();
  return (
    <time dateTime={at} className="num">
      {formatInstant(at, timeZone, now)} <span className="dim nowrap">({formatRelative(at, now)})</span>
    </time>
  );
}

/** Only the distance; the whole time is in its title. */
export function Ago({ at, timeZone }: { at: string; timeZone: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatInstant(at, timeZone, now)}>
      {formatRelative(at, now)}
    </time>
  );
}

const TICK_MS = 10_000;

/** Now, rounded up: what has just happened must not lie ahead. One timer serves all the times of a page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => Math.ceil(Date.now() / TICK_MS) * TICK_MS);
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((tell) => tell()), TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
