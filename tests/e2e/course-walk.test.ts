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
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 } },
} as const;
const schemes = ['light', 'dark'] as const;

type Stop = readonly [name: string, path: string, text: string];

/** The pages of a course by role: their names, their addresses, and a text that stands there once all is loaded. */
const pages: Readonly<Record<'student' | 'ta' | 'instructor', (busy: BusyCourse) => readonly Stop[]>> = {
  student: ({ course, open, graded, submission }: BusyCourse) => [
    ['home', '/', 'What is due'],
    ['overview', `/competitions/${open}`, 'From Python'],
    ['data', `/competitions/${open}/data`, 'in all'],
    ['team', `/competitions/${open}/team`, 'everybody is alone'],
    ['tokens', '/tokens', 'In force'],
    ['none', '/no-such-page', 'There is no such page'],
    ['announcements', `/courses/${course.slug}`, 'The midterm is open'],
    ['board', `/competitions/${open}/leaderboard`, 'Classmates see you as'],
    ['board-part', `/competitions/${open}/leaderboard?part=simple`, 'Classmates see you as'],
    ['final', `/competitions/${graded}/leaderboard?board=private`, 'SHA-256'],
    ['submit', `/competitions/${open}/submit`, 'Part'],
    ['submissions', `/competitions/${open}/submissions`, 'Part 1'],
    ['submission', `/competitions/${open}/submissions/${submission}`, 'Still missing'],
    ['my-grade', `/competitions/${graded}/my-grade`, 'Declined'],
    ['my-grade-none', `/competitions/${open}/my-grade`, 'not released'],
  ],
  ta: ({ course, open, graded, submission }: BusyCourse) => [
    ['home', '/', 'Deep Learning for Data Science'],
    ['queue', `/courses/${course.slug}/queue`, 'Ben Rivera'],
    ['teams', `/competitions/${open}/teams`, 'Ada Lovelace'],
    ['insights', `/competitions/${open}/insights`, 'Who has not submitted'],
    ['grading', `/competitions/${graded}/grading`, 'left to grade'],
    ['announcements', `/courses/${course.slug}`, 'Solutions'],
    ['people', `/courses/${course.slug}/people`, 'Ada Lovelace'],
    ['time', `/courses/${course.slug}/time`, 'started day'],
    ['audit', `/courses/${course.slug}/audit`, 'Two of them are the same.'],
    ['board-private', `/competitions/${open}/leaderboard?board=private`, 'Students do not see this board yet'],
    ['submission', `/competitions/${open}/submissions/${submission}`, 'Still missing'],
    ['extensions', `/competitions/${open}/extensions`, 'Ill, with a note.'],
    ['scoring', `/competitions/${open}/scoring`, 'Iris Instructor: done'],
    ['grades', `/competitions/${graded}/grades`, 'regrade request'],
    ['grades-none', `/competitions/${open}/grades`, 'no grade scheme'],
  ],
  instructor: ({ course, open, graded, preview }: BusyCourse) => [
    ['hooks', `/courses/${course.slug}/hooks`, 'Nothing is sent anywhere yet'],
    ['folder', `/courses/${course.slug}/folder`, 'A competition from a folder'],
    ['new-competition', `/courses/${course.slug}/new-competition`, 'Make the draft'],
    ['insights', `/competitions/${open}/insights`, 'Who has not submitted'],
    ['people', `/courses/${course.slug}/people`, 'U12345678'],
    ['time', `/courses/${course.slug}/time`, 'Give an accommodation'],
    ['setup', `/competitions/${open}/setup`, 'Dates, limits and rules'],
    ['settings', `/competitions/${open}/settings`, 'Review the changes'],
    ['settings-closed', `/competitions/${graded}/settings`, 'extra time'],
    ['scoring', `/competitions/${open}/scoring?preview=${preview}`, 'Put this key in force'],
    ['grades', `/competitions/${graded}/grades`, 'Change the grade scheme'],
    ['final', `/competitions/${graded}/leaderboard?board=private`, 'SHA-256'],
    ['submissions', `/competitions/${open}/submissions`, 'Part 1'],
  ],
};

describe.skipIf(!hasBrowser())('the pages of a course in the middle of its term', () => {
  const complaints = listenForComplaints();
  // A browser writes to the console that a board of few teams is kept from students.
  complaints.expected.push(/ 403 .*leaderboard\?board=public&part=simple/);
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

  const people = () => ({
    student: busy.course.students[0] ?? busy.course.ta,
    ta: busy.course.ta,
    instructor: busy.course.instructor,
  });

  for (const role of ['student', 'ta', 'instructor'] as const)
    for (const [device, look] of Object.entries(looks))
      it(`are whole, accessible in both themes and no wider than the window for a ${role}: ${device}`, async () => {
        const page = await openPage(browser, complaints, look);
        const { email } = people()[role];
        await signIn(page, system.url, { email, password: busy.password });
        const wrong: Record<string, unknown> = {};
        for (const [name, path, text] of pages[role](busy)) {
          await page.goto(`${system.url}${path}`);
          await page.locator('main').getByText(text).first().waitFor();
          await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
          for (const colorScheme of schemes) {
            await page.emulateMedia({ colorScheme });
            await keepPicture(page, `${role}-${device}-${colorScheme}-${name}`, { fullPage: true });
            const found = await faultsOf(page);
            if (found.length > 0) wrong[`${name}, ${colorScheme}`] = found;
          }
        }
        await page.context().close();
        expect(wrong).toEqual({});
      });
});

/** What no page should have: a rule of axe’s that is broken, another number of headings than one, no title of its own, a window to scroll sideways. */
async function faultsOf(page: Page): Promise<string[]> {
  const [headings, title, pixels] = [await page.locator('h1').count(), await page.title(), await overhang(page)];
  return [
    ...(await brokenRules(page)),
    ...(headings === 1 ? [] : [`${headings} main headings`]),
    ...(title === '' || title === 'Topk' ? [`the title is “${title}”`] : []),
    ...(pixels === 0 ? [] : [`${pixels} pixels too wide`]),
  ];
}
