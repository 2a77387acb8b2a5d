import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Chromium is, or undefined. `TOPK_CHROMIUM` says it, else Debian's place. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return [env['TOPK_CHROMIUM'], '/usr/bin/chromium'].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
}

/** A headless Chromium with a profile of its own, which goes with it. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  return await chromium.launch({ executablePath, headless: true, args: switches });
}

/**
 * What nobody should ever see in a console: errors, warnings, crashes, and what the content security policy stopped. `expected` are those
 * that a test provokes: a browser writes every failed request to the console.
 */
export interface Complaints {
  readonly list: string[];
  readonly expected: RegExp[];
}

/** Nobody is signed in at first, which a page can only learn by asking. */
const signedOut = /401 \(Unauthorized\) .*\/api\/v1\/me\)$/;

export function listenForComplaints(): Complaints {
  return { list: [], expected: [signedOut] };
}

/** A page in a session of its own. */
export async function openPage(
  browser: Browser,
  complaints: Complaints,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const complain = (text: string) => {
    if (!complaints.expected.some((pattern) => pattern.test(text))) complaints.list.push(text);
  };
  const context = await browser.newContext(options);
  // A busy machine takes its time; what comes in time costs none of it.
  context.setDefaultTimeout(120_000);
  await context.exposeBinding('topkComplain', (_source, text: unknown) => complain(String(text)));
  await context.addInitScript(reportViolations);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complain(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complain(`uncaught: ${error.stack ?? error.message}`));
  return page;
}

/** Runs in the page. A caught `eval` prints nothing to the console, but is a violation all the same. */
const reportViolations = `addEventListener('securitypolicyviolation', (event) =>
  topkComplain('content security policy: ' + event.violatedDirective + ' stopped ' + event.blockedURI + ' in ' + event.sourceFile));`;

/** By how many pixels the page is wider than its window: 0 where nothing scrolls sideways. */
export async function overhang(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));
}
