import type { Page } from 'playwright-core';
import { z } from 'zod';

const TraceEvent = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number(),
  dur: z.number().optional(),
});

/** A task that keeps the page from answering is one of more than this, as in the definition of the time to interactive (https://web.dev/articles/tti). */
const LONG_TASK_US = 50_000;
/** So long nothing is long any more. */
const QUIET_US = 500_000;

export interface Readiness {
  /** Milliseconds from the beginning to the frame in which it was drawn. */
  readonly drawnMs: number;
  /** To the end of the last long task before the page was quiet for half a second: from then on it answers at once. */
  readonly interactiveMs: number;
}

/**
 * Runs a script in the page and reads from Chromium's own trace how long it took until the page could be used. The script marks `begun`, and `drawn`
 * with the frame that it waits for (`performance.mark`), and ends some time after.
 * @param slowdown by how much the processor is throttled
 */
export async function traceReadiness(page: Page, slowdown: number, script: string): Promise<Readiness> {
  const session = await page.context().newCDPSession(page);
  const events: z.infer<typeof TraceEvent>[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) {
      const { success, data } = TraceEvent.safeParse(event);
      if (success) events.push(data);
    }
  });
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await session.send('Tracing.start', { transferMode: 'ReportEvents', categories: 'toplevel,blink.user_timing' });
  await page.evaluate(script);
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return readinessOf(events);
}

function readinessOf(events: readonly z.infer<typeof TraceEvent>[]): Readiness {
  const begun = events.find(({ name }) => name === 'begun');
  const drawn = events.find(({ name }) => name === 'drawn');
  if (begun === undefined || drawn === undefined) throw new Error('the trace lacks a mark');
  if (!events.some(isTask)) throw new Error('the trace lacks the tasks of the page');
  const tasks = events
    .filter(
      (event) => isTask(event) && event.pid === begun.pid && event.tid === begun.tid && (event.dur ?? 0) > LONG_TASK_US,
    )
    .toSorted((a, b) => a.ts - b.ts);
  let usable = drawn.ts;
  for (const { ts, dur = 0 } of tasks) if (ts < usable + QUIET_US) usable = Math.max(usable, ts + dur);
  return { drawnMs: (drawn.ts - begun.ts) / 1000, interactiveMs: (usable - begun.ts) / 1000 };
}

function isTask({ name }: z.infer<typeof TraceEvent>): boolean {
  return name.endsWith('RunTask');
}
