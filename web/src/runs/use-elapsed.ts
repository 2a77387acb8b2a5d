import { useEffect, useRef, useState } from 'react';
import type { Run, RunSample } from '../../../core/contract/runs.ts';

const TICK_MS = 500;

type Timed = Pick<Run, 'stage' | 'startedAt'> & { readonly samples: readonly RunSample[] };

/** Samples come late by so much at most; a computer whose clock is further off has a wrong clock. */
const MAX_LATE_MS = 10_000;

/**
 * Seconds since the program was started, while it runs; undefined otherwise. Counted by this computer's clock, unless the run's samples show that
 * it is far from the server's.
 */
export function useElapsed(run: Timed | undefined): number | undefined {
  const { stage, startedAt, samples } = run ?? {};
  const running = stage === 'running' && startedAt !== undefined;
  const t = samples?.at(-1)?.t;
  const bySamples = useRef<{ of: string; atMs: number }>(undefined);
  const [elapsed, setElapsed] = useState<number>();

  useEffect(() => {
    if (!running) return;
    if (t !== undefined) {
      const atMs = performance.now() - t * 1000;
      const before = bySamples.current?.of === startedAt ? bySamples.current.atMs : Infinity;
      bySamples.current = { of: startedAt, atMs: Math.min(before, atMs) };
    }
    const tick = () => {
      const byClockMs = Date.now() - Date.parse(startedAt);
      const known = bySamples.current?.of === startedAt ? performance.now() - bySamples.current.atMs : byClockMs;
      setElapsed(Math.max(0, Math.abs(known - byClockMs) < MAX_LATE_MS ? byClockMs : known) / 1000);
    };
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [running, startedAt, t]);

  return running ? elapsed : undefined;
}
