import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { findChromium, listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { signIn } from './steps.ts';
import { hasBrowser } from './suite.ts';

const password = 'a long enough password';
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 860 };

describe.skipIf(!hasBrowser())('teams', () => {
  const complaints = listenForComplaints();
  let system: System;
  let browser: Browser;
  let course: TestCourse;
  let slug: string;
  let [ada, ben, cat]: Person[] = [];
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    browser = await startBrowser(findChromium(process.env) ?? '');
    course = await makeCourse(system, { students: 3 });
    [ada, ben, cat] = course.students;
    const passwordHash = await hashPassword(password);
    await system.db.prisma.user.updateMany({ data: { passwordHash } });
    slug = await makeCompetition(course, { settings: { maxTeamSize: 2 } });
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    expect(complaints.list).toEqual([]);
  });

  const one = (person: Person | undefined): Person => {
    if (!person) throw new Error('students are needed');
    return person;
  };
  const open = async (person: Person | undefined, path: string): Promise<Page> => {
    const page = await openPage(browser, complaints, { viewport: desktop });
    await signIn(page, system.url, { email: one(person).email, password }, path);
    return page;
  };
  /** Nothing scrolls sideways on either, and what a person looks for is there. */
  const fitsBoth = async (page: Page, text: string) => {
    for (const [device, viewport] of Object.entries({ phone, desktop })) {
      await page.setViewportSize(viewport);
      await page.getByText(text).first().waitFor();
      expect(await overhang(page), device).toBe(0);
    }
  };

  it('are formed by invitations and links, and say what can’t be done now', async () => {
    const page = await open(ada, `/competitions/${slug}`);
    await page.getByRole('link', { name: 'My team' }).click();
    await page.getByRole('heading', { name: 'You are alone so far' }).waitFor();
    await page.getByLabel('E-mail address of a classmate').fill(one(ben).email);
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByRole('button', { name: `Withdraw the invitation to ${one(ben).email}` }).waitFor();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.locator('code', { hasText: '?join=' }).innerText();
    await fitsBoth(page, 'Not answered yet');

    const theirs = await open(ben, `/competitions/${slug}/team`);
    await theirs.getByRole('heading', { name: `${one(ada).name} invites you` }).waitFor();
    await fitsBoth(theirs, 'They are alone so far');
    await theirs.getByRole('button', { name: 'Join' }).click();
    await theirs.getByRole('heading', { name: 'Your team' }).waitFor();
    await theirs.getByText(one(ada).name).waitFor();

    // By the link, there is no place left, and it says so.
    const late = await open(cat, new URL(link).pathname + new URL(link).search);
    await late.getByRole('heading', { name: `Join the team of ${one(ada).name}?` }).waitFor();
    await late.getByText('no more than 2 may be').waitFor();
    expect(await late.getByRole('button', { name: 'Join' }).isDisabled()).toBe(true);
    await fitsBoth(late, 'no more than 2 may be');

    await theirs.getByRole('button', { name: 'Leave the team' }).click();
    await theirs.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await theirs.getByRole('heading', { name: 'You are alone so far' }).waitFor();
    await late.reload();
    await late.getByRole('button', { name: 'Join' }).click();
    await late.getByRole('heading', { name: 'Your team' }).waitFor();

    await one(cat).submit(slug, tinyPredictions);
    await late.reload();
    await late.getByText('after the first one nobody leaves').waitFor();
    await late.getByText('Your team is full').waitFor();
    await fitsBoth(late, 'Your team is full');
  });

  it('are seen and changed by staff, who say why', async () => {
    const page = await open(course.ta, `/competitions/${slug}`);
    await page.getByRole('link', { name: 'Teams' }).click();
    await page.getByRole('heading', { name: 'In no team yet' }).waitFor();
    await fitsBoth(page, 'In no team yet');
    await page.getByRole('button', { name: `Move ${one(ben).name}` }).click();
    const dialog = page.getByRole('dialog');
    const option = dialog.locator('option', { hasText: one(ada).name });
    await dialog.getByLabel('Into').selectOption(await option.getAttribute('value'));
    await dialog.getByText('larger than the 2').waitFor();
    await fitsBoth(page, 'larger than the 2');
    await dialog.getByLabel('Reason').fill('They worked together.');
    await dialog.getByRole('button', { name: 'Move' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('In no team yet').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /^Move / }).count()).toBe(3);
    await page.getByLabel('Find a student or a team').fill('nobody of this name');
    expect(await page.getByRole('button', { name: /^Move / }).count()).toBe(0);
  });
});
