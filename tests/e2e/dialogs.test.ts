import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System } from '../support/system.ts';
import { brokenRules } from './axe.ts';
import { findChromium, listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { makeBusyCourse, type BusyCourse } from './busy-course.ts';
import { keepPicture } from './picture.ts';
import { signIn } from './steps.ts';
import { hasBrowser } from './suite.ts';

const looks = {
  desktop: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
} as const;

interface Opened {
  readonly name: string;
  readonly path: string;
  /** What opens it. */
  readonly open: (page: Page) => Promise<void>;
  /** What stands in it. */
  readonly text: string;
}

const click = (name: string | RegExp) => async (page: Page) => await page.getByRole('button', { name }).first().click();

/** The dialogs and forms that staff meet only after a click. */
function opened({ course, open, graded, submission, preview }: BusyCourse): readonly Opened[] {
  const people = `/courses/${course.slug}/people`;
  return [
    {
      name: 'disqualify',
      path: `/competitions/${open}/submissions/${submission}`,
      open: click('Disqualify'),
      text: 'Reason',
    },
    {
      name: 'new-key',
      path: `/competitions/${open}/scoring?preview=${preview}`,
      open: click('Put this key in force'),
      text: 'The present key is kept',
    },
    {
      name: 'extension',
      path: `/competitions/${open}/extensions`,
      open: click('Give an extension'),
      text: 'New due time',
    },
    {
      name: 'take-back',
      path: `/competitions/${open}/extensions`,
      open: click(/^Take back the extension/),
      text: 'it may become late',
    },
    {
      name: 'review',
      path: `/competitions/${open}/settings`,
      open: async (page) => {
        await page.getByLabel('Due', { exact: true }).fill('2041-01-01T12:00');
        await page.getByLabel('Private board revealed', { exact: true }).fill('');
        await page.getByLabel('Late until', { exact: true }).fill('2041-01-02T12:00');
        await page.getByRole('button', { name: 'Review the changes' }).click();
      },
      text: 'settings',
    },
    {
      name: 'unsaved',
      path: `/competitions/${open}/settings`,
      open: async (page) => {
        await page.getByLabel('Submissions a day').fill('77');
        await page.getByRole('link', { name: 'Overview' }).click();
      },
      text: 'Leave without saving?',
    },
    {
      name: 'roster',
      path: people,
      open: async (page) => {
        const buffer = Buffer.from('email,name\nnew@example.edu,New Person\n');
        await page.locator('input[type=file]').setInputFiles({ name: 'roster.csv', mimeType: 'text/csv', buffer });
        await page.getByRole('button', { name: 'Preview' }).click();
      },
      text: 'Import it so',
    },
    { name: 'take-off', path: people, open: click(/^Take off /), text: 'off the course?' },
    { name: 'ids', path: people, open: click(/^Edit ids of /), text: 'The ids of' },
    {
      name: 'scheme',
      path: `/competitions/${graded}/grades`,
      open: click('Change the grade scheme'),
      text: 'Save the scheme',
    },
    {
      name: 'grades-back',
      path: `/competitions/${graded}/grades`,
      open: click('Take all back'),
      text: 'Take all grades back?',
    },
  ];
}

describe.skipIf(!hasBrowser())('the dialogs of staff', () => {
  const complaints = listenForComplaints();
  let system: System;
  let browser: Browser;
  let busy: BusyCourse;
  beforeAll(async () => {
    system = await startSystem();
    browser = await startBrowser(findChromium(process.env) ?? '');
    busy = await makeBusyCourse(system);
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    expect(complaints.list).toEqual([]);
  });

  for (const [device, look] of Object.entries(looks))
    it(`are accessible and no wider than the window: ${device}`, async () => {
      const page = await openPage(browser, complaints, look);
      await signIn(page, system.url, { email: busy.course.instructor.email, password: busy.password });
      const wrong: Record<string, unknown> = {};
      for (const { name, path, open, text } of opened(busy)) {
        await page.goto(`${system.url}${path}`);
        await page.locator('main .mantine-Skeleton-root').first().waitFor({ state: 'detached' });
        await open(page);
        await page.getByText(text).last().waitFor();
        await page.evaluate(fadedIn);
        await keepPicture(page, `dialog-${device}-${name}`);
        const found = [...(await brokenRules(page)), ...((await overhang(page)) === 0 ? [] : ['too wide'])];
        if (found.length > 0) wrong[name] = found;
      }
      await page.context().close();
      expect(wrong).toEqual({});
    });
});

/** Colours are judged once what fades in is there; what goes on for ever is not waited for. */
const fadedIn = `Promise.allSettled(
  document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished),
).then(() => undefined)`;
