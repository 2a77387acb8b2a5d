import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { findChromium, listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { signIn } from './steps.ts';
import { hasBrowser } from './suite.ts';

const password = 'a long enough password';

describe.skipIf(!hasBrowser())('the people of a course', () => {
  const complaints = listenForComplaints();
  // A browser writes every refusal to the console: of a file, of a mail that can't be sent.
  complaints.expected.push(/ 422 /);
  let system: System;
  let browser: Browser;
  let course: TestCourse;
  let page: Page;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    browser = await startBrowser(findChromium(process.env) ?? '');
    course = await makeCourse(system, { students: 3 });
    const { id, email } = course.instructor;
    await system.db.prisma.user.update({ where: { id }, data: { passwordHash: await hashPassword(password) } });
    page = await openPage(browser, complaints);
    await signIn(page, system.url, { email, password }, `/courses/${course.slug}/people`);
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    expect(complaints.list).toEqual([]);
  });

  const choose = async (text: string) => {
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Preview' }).click();
  };

  it('come from a file, once it was seen what it would do', async () => {
    await choose('email,name\nnobody,\n');
    await page.getByText('The name is missing').first().waitFor();
    await choose(`email,name,section\n${course.students[0]?.email},X,A1\nnew@example.edu,New Person,B1\n`);
    await page.getByText('1 new student, 1 changed, 2 taken off').waitFor();
    await page.getByRole('button', { name: 'Import it so' }).click();
    await page.getByText('The roster was imported').waitFor();
    await page.getByRole('rowheader', { name: 'New Person' }).waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overhang(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('set their password by a link that the instructor passes on', async () => {
    await page.getByRole('button', { name: /^Invite/ }).click();
    const row = page.getByRole('row', { name: /new@example\.edu.*set-password/ });
    const link = await row.locator('code').innerText();
    const theirs = await openPage(browser, complaints);
    await theirs.goto(link);
    await theirs.getByLabel('New password').fill(password);
    await theirs.getByRole('button', { name: 'Set the password' }).click();
    await theirs.getByText('Your password is set').waitFor();
    await signIn(theirs, system.url, { email: 'new@example.edu', password });
    await theirs.getByText('New Person').waitFor();
  });

  it('are seen as they see themselves, with a banner that leads back', async () => {
    await page.getByRole('button', { name: 'View as New Person' }).click();
    await page.getByText('Nothing can be changed').waitFor();
    await page.getByRole('button', { name: /^Back to/ }).click();
    await page.getByRole('button', { name: 'View as New Person' }).waitFor();
  });

  it('join by a code, and ask for a mail where they have no account', async () => {
    await page.getByLabel('Mail domains').fill('example.edu secret-mail.example');
    await page.getByRole('button', { name: 'Make a code' }).click();
    const link = await page.locator('code', { hasText: '/join/' }).innerText();
    const theirs = await openPage(browser, complaints);
    await theirs.goto(link);
    await theirs.getByLabel('Name').fill('Ada');
    await theirs.getByLabel('E-mail address').fill('ada@example.edu');
    await theirs.getByRole('button', { name: 'Send me a link' }).click();
    await theirs.getByText('This server sends no mail').waitFor();
    await page.goto(link);
    await page.getByRole('button', { name: /^Join as/ }).click();
    await page.getByRole('heading', { name: 'A course' }).waitFor();
  });
});
