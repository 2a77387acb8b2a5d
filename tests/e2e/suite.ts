import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Executor } from '../../worker/executor/executor.ts';
import { findChromium, listenForComplaints, openPage, startBrowser, type Complaints } from './browser.ts';
import { startDemo, type Demo } from './demo.ts';

/** What a browser test works with. */
export interface Suite {
  demo(): Demo;
  /** A page of a session of its own; closed after the test. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** Console errors that the test provokes. All others, and what the content security policy stopped, fail it. */
  expectComplaint(pattern: RegExp): void;
}

/** Whether there is a browser to test in; says so if not, since the tests are then skipped. */
export function hasBrowser(): boolean {
  if (findChromium(process.env) !== undefined) return true;
  console.warn('The browser tests are skipped: there is no /usr/bin/chromium, and TOPK_CHROMIUM names none.');
  return false;
}

/**
 * For the surrounding `describe`: a whole Topk with the demo in it, and a real Chromium.
 * @param code in what stands for the sandbox; without it no code is taken
 */
export function useBrowser(code?: Executor): Suite {
  let started: { demo: Demo; browser: Browser } | undefined;
  let complaints: Complaints;
  const running = () => {
    if (started === undefined) throw new Error('the demo has not started');
    return started;
  };
  beforeAll(async () => {
    const demo = await startDemo(code);
    started = { demo, browser: await startBrowser(findChromium(process.env) ?? '') };
  });
  afterAll(async () => {
    await started?.browser.close();
    await started?.demo.stop();
  });
  beforeEach(() => {
    complaints = listenForComplaints();
  });
  afterEach(async () => {
    for (const context of running().browser.contexts()) await context.close();
    expect(complaints.list).toEqual([]);
  });
  return {
    demo: () => running().demo,
    open: (options) => openPage(running().browser, complaints, options),
    expectComplaint: (pattern) => complaints.expected.push(pattern),
  };
}
