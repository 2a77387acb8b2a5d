import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { isSigned, startHookReceiver, type HookReceiver } from '../support/hook-receiver.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { findChromium, listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { signIn } from './steps.ts';
import { hasBrowser } from './suite.ts';

const password = 'a long enough password';

describe.skipIf(!hasBrowser())('the hooks of a course', () => {
  const complaints = listenForComplaints();
  // A browser writes every refusal to the console: here of an address.
  complaints.expected.push(/ 400 /);
  let receiver: HookReceiver;
  let system: System;
  let browser: Browser;
  let course: TestCourse;
  let page: Page;
  beforeAll(async () => {
    receiver = await startHookReceiver();
    system = await startSystem({ environment: { HOOK_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}` } });
    browser = await startBrowser(findChromium(process.env) ?? '');
    course = await makeCourse(system, { students: 0 });
    for (const { id } of [course.instructor, course.ta])
      await system.db.prisma.user.update({ where: { id }, data: { passwordHash: await hashPassword(password) } });
    page = await openPage(browser, complaints);
    await signIn(page, system.url, { email: course.instructor.email, password }, `/courses/${course.slug}`);
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    await receiver.close();
    expect(complaints.list).toEqual([]);
  });

  const fits = async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overhang(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 720 });
  };

  it('are added with a test, whose outcome the log shows, and a secret that is shown once', async () => {
    await page.getByRole('link', { name: 'Hooks' }).click();
    await page.getByText('Nothing is sent anywhere yet').waitFor();
    await fits();
    await page.getByRole('button', { name: 'Add a hook' }).click();
    await page.getByLabel('Name').fill('Grade sync');
    await page.getByLabel('Address').fill('https://169.254.169.254/latest');
    await page.getByLabel('A run failed').uncheck();
    await page.getByRole('button', { name: 'Add it and send a test' }).click();
    await page.getByText(/private or special network/).waitFor();
    await fits();
    await page.getByLabel('Address').fill(`${receiver.url}/services/a-secret-path`);
    await page.getByRole('button', { name: 'Add it and send a test' }).click();
    const secret = await page.locator('code', { hasText: /^whsec_/ }).innerText();
    await page.getByTestId('delivery').getByText('200').waitFor({ timeout: 120_000 });
    await page.getByText('thanks').waitFor();
    const [sent] = receiver.received;
    expect(sent && isSigned(sent, secret)).toBe(true);
    await fits();
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Grade sync' }).waitFor();
    const text = await page.locator('main').innerText();
    expect(text).not.toContain('whsec_');
    expect(text).not.toContain('a-secret');
    expect(text).toContain('A competition opened, A submission was scored, Grades were released');
  });

  it('say why a delivery failed, and send it again', async () => {
    receiver.answer('/services/a-secret-path', (response) => response.writeHead(500).end('<b>no</b> room'));
    await page.getByRole('button', { name: 'Send a test to Grade sync' }).click();
    await page.getByText('It answered 500.').waitFor({ timeout: 120_000 });
    await page.getByText('<b>no</b> room').waitFor();
    receiver.answer('/services/a-secret-path', (response) => response.end('room again'));
    await page
      .getByRole('button', { name: /^Send again/ })
      .first()
      .click();
    await page.getByText('room again').waitFor({ timeout: 120_000 });
  });

  it('get another secret, are disabled and enabled, and removed once that was confirmed', async () => {
    await page.getByRole('button', { name: 'Rotate the secret of Grade sync' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate it' }).click();
    await page.locator('code', { hasText: /^whsec_/ }).waitFor();
    await page.getByText('from before the last rotation signs as well').waitFor();
    await page.getByRole('button', { name: 'Disable Grade sync' }).click();
    await page.getByText('It is disabled').waitFor();
    expect(await page.getByRole('button', { name: 'Send a test to Grade sync' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Enable Grade sync' }).click();
    await page.getByText('It is disabled').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove Grade sync' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Remove Grade sync' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('Nothing is sent anywhere yet').waitFor();
    await until('it is gone', 120_000, async () => (await system.db.prisma.hook.count()) === 0);
  });

  it('are no page of a TA', async () => {
    const theirs = await openPage(browser, complaints);
    await signIn(theirs, system.url, { email: course.ta.email, password }, `/courses/${course.slug}`);
    await theirs.getByRole('link', { name: 'People' }).waitFor();
    expect(await theirs.getByRole('link', { name: 'Hooks' }).count()).toBe(0);
    await theirs.goto(`${system.url}/courses/${course.slug}/hooks`);
    await theirs.getByText('Hooks are for instructors').waitFor();
  });
});
