import { createLogLines, type LogLines, type LogSnapshot } from './log-lines.ts';

/** A log that grows. Its readers hear of it once a frame, however often it is written to. */
export interface LogFeed {
  write(text: string): void;
  /** Forgets all: the log begins anew. */
  reset(): void;
  subscribe(listener: () => void): () => void;
  snapshot(): LogSnapshot;
}

/** @param schedule runs a task with the next frame */
export function createLogFeed(schedule: (task: () => void) => void = (task) => requestAnimationFrame(task)): LogFeed {
  const listeners = new Set<() => void>();
  let lines = createLogLines();
  let shown = lines.snapshot();
  let scheduled = false;
  const show = () => {
    scheduled = false;
    shown = lines.snapshot();
    for (const listener of listeners) listener();
  };
  const change = (make: (current: LogLines) => LogLines) => {
    lines = make(lines);
    if (scheduled) return;
    scheduled = true;
    schedule(show);
  };
  return {
    write: (text) =>
      change((current) => {
        current.write(text);
        return current;
      }),
    reset: () => change(() => createLogLines()),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => shown,
  };
}
