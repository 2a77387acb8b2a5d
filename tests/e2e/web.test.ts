import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  findChromium,
  listenForComplaints,
  openPage,
  overhang,
  signIn,
  startBrowser,
  type Complaints,
} from './browser.ts';
import { startDemo, type Demo } from './demo.ts';
import { startLossyProxy } from './lossy-proxy.ts';

const chromium = findChromium(process.env);
if (chromium === undefined)
  console.warn('The browser tests are skipped: there is no /usr/bin/chromium, and TOPK_CHROMIUM names none.');

const submissions = join(import.meta.dirname, '../../prisma/demo/digits/submissions');
const digits = '/competitions/digits';
const phone = { viewport: { width: 360, height: 740 } };

describe.skipIf(chromium === undefined)('in a browser', () => {
  let demo: Demo;
  let browser: Browser;
  let complaints: Complaints;

  beforeAll(async () => {
    demo = await startDemo();
    browser = await startBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });
  beforeEach(() => {
    complaints = listenForComplaints();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(complaints.list).toEqual([]);
  });

  it('a student submits a file, watches it being scored, and finds the rank on the board', async () => {
    const page = await openPage(browser, complaints);
    await signIn(page, demo.url, demo.logins.student, `${digits}/submit`);
    await page.getByText('20 of 20 left today').waitFor();
    await page.locator('input[type=file]').setInputFiles(join(submissions, 'random_forest.csv'));
    await page.getByText('The file is in order: 797 rows').waitFor();
    await page.getByLabel('Note to yourself').fill('200 trees');
    await page.getByRole('button', { name: 'Submit', exact: true }).click();

    await page.locator('[data-testid=state][data-state=scored]').waitFor();
    expect(await page.locator('main').innerText()).toContain('0.9673');
    // The same score as two teams that were earlier: the third rank.
    await page.getByTestId('rank-change').getByText('3', { exact: true }).waitFor();
    await page.getByText('19 of 20 left today').waitFor();

    await page.getByRole('link', { name: 'See the leaderboard' }).click();
    const mine = page.locator('tr[data-mine]');
    await mine.waitFor();
    expect(await mine.locator('td').first().innerText()).toBe('3');
    expect(await mine.innerText()).toContain('0.9673');
    expect(await page.title()).toBe('Leaderboard · Handwritten digits · Topk');
  });

  it('a board in another browser moves by itself, with names for staff and pseudonyms for classmates', async () => {
    const [rising, classmate] = [await demo.addStudent(), await demo.addStudent()];
    const staffBoard = await openPage(browser, complaints);
    await signIn(staffBoard, demo.url, demo.logins.instructor, `${digits}/leaderboard`);
    const classmateBoard = await openPage(browser, complaints);
    await signIn(classmateBoard, demo.url, classmate, `${digits}/leaderboard`);
    for (const board of [staffBoard, classmateBoard]) await board.locator('[data-liveness=live]').waitFor();
    const teams = await classmateBoard.locator('tbody tr').count();

    const page = await openPage(browser, complaints);
    await signIn(page, demo.url, rising, `${digits}/submit`);
    await submitFile(page, 'decision_tree_depth4.csv');
    await staffBoard.locator('tr[data-moved]').filter({ hasText: rising.name }).waitFor();
    await classmateBoard.locator('tbody tr').nth(teams).waitFor();
    expect(await classmateBoard.locator('main').innerText()).not.toContain(rising.name);

    await page.getByRole('button', { name: 'Submit another' }).click();
    await submitFile(page, 'logistic_regression.csv');
    await page.getByTestId('rank-change').getByText('→').waitFor();
    await staffBoard.locator('tr[data-moved]').filter({ hasText: rising.name }).filter({ hasText: '▲' }).waitFor();
  });

  it('a wrong file is refused with its lines before a byte is sent', async () => {
    const page = await openPage(browser, complaints);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
    });
    await signIn(page, demo.url, await demo.addStudent(), `${digits}/submit`);
    const buffer = Buffer.from('id,label_1\ndigit_0949,12\ndigit_9999,3\n"digit\n_1",3\n');
    await page.locator('input[type=file]').setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer });
    const report = page.getByRole('alert');
    await report.waitFor();
    const text = await report.innerText();
    for (const place of ['line 2, label_1', 'line 3, id', 'line 4, id']) expect(text).toContain(place);
    expect(text).toContain('Take the ids from the sample submission');
    expect(await page.getByRole('button', { name: 'Submit', exact: true }).count()).toBe(0);
    expect(sent).toEqual(['/api/v1/session']);
  });

  it('an upload whose answer is lost is sent again, and counted once', async () => {
    complaints.expected.push(/net::ERR_EMPTY_RESPONSE/);
    const page = await openPage(browser, complaints);
    const proxy = await startLossyProxy(
      demo.url,
      ({ method, url }) => method === 'POST' && url.includes('/submissions'),
    );
    try {
      await signIn(page, proxy.url, await demo.addStudent(), `${digits}/submit`);
      await submitFile(page, 'random_forest.csv');
      expect(proxy.lost()).toBe(1);
      await page.getByText('19 of 20 left today').waitFor();
      await page.goto(`${proxy.url}${digits}/submissions`);
      await page.getByRole('listitem').first().waitFor();
      expect(await page.getByRole('listitem').count()).toBe(1);
    } finally {
      await proxy.stop();
    }
  });

  it('without streams, pages ask instead', async () => {
    complaints.expected.push(/net::ERR_FAILED/);
    const page = await openPage(browser, complaints);
    await page.route(/\/events/, (route) => route.abort());
    const student = await demo.addStudent();
    await signIn(page, demo.url, student, `${digits}/leaderboard`);
    await page.locator('[data-liveness=down]').waitFor();
    const sender = await openPage(browser, complaints);
    await sender.route(/\/events/, (route) => route.abort());
    await signIn(sender, demo.url, student, `${digits}/submit`);
    await submitFile(sender, 'random_forest.csv');
    await page.locator('tr[data-mine]').waitFor();
  });

  it('a refusal is told in the server’s words, with the next slot', async () => {
    complaints.expected.push(/429/);
    const student = await demo.addStudent();
    const page = await openPage(browser, complaints);
    await signIn(page, demo.url, student, `${digits}/submit`);
    await demo.instructor.json('PATCH /competitions/digits', { dailyLimit: 1 });
    try {
      await submitFile(page, 'random_forest.csv');
      await page.getByText('0 of 1 left today').waitFor();
      await page.getByRole('button', { name: 'Submit another' }).click();
      await page.locator('input[type=file]').setInputFiles(join(submissions, 'random_forest.csv'));
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      const refusal = page.getByRole('alert');
      await refusal.waitFor();
      expect(await refusal.innerText()).toMatch(/The limit of submissions is reached[^]*Next possible: .*00:00 E[SD]T/);
    } finally {
      await demo.instructor.json('PATCH /competitions/digits', { dailyLimit: 20 });
    }
  });

  it('what people write cannot run', async () => {
    const page = await openPage(browser, complaints);
    page.on('dialog', (dialog) => complaints.list.push(`a dialog: ${dialog.message()}`));
    await signIn(page, demo.url, await demo.addStudent());
    const hostile =
      '# Hello\n<script>alert(1)</script><img src=x onerror=alert(2)>\n\n[link](javascript:alert(3)) **bold** <b onclick=alert(4)>raw</b>';
    const { body } = await demo.instructor.call('GET /competitions/digits');
    const before = typeof body === 'object' && body !== null && 'description' in body ? body.description : '';
    await demo.instructor.json('PATCH /competitions/digits', { description: hostile });
    try {
      await page.goto(`${demo.url}${digits}`);
      await page.getByRole('heading', { name: 'Hello' }).waitFor();
      expect(await page.locator('main strong').innerText()).toBe('bold');
      expect(await page.locator('main :is(script, img, [onclick], [href^=javascript])').count()).toBe(0);
    } finally {
      await demo.instructor.json('PATCH /competitions/digits', { description: before });
    }
  });

  it('nothing scrolls sideways on a phone', async () => {
    const page = await openPage(browser, complaints, phone);
    await signIn(page, demo.url, demo.logins.student);
    const paths = [
      '/',
      digits,
      `${digits}/data`,
      `${digits}/leaderboard`,
      `${digits}/submit`,
      `${digits}/submissions`,
      '/tokens',
      '/nowhere',
    ];
    for (const path of paths) {
      await page.goto(`${demo.url}${path}`);
      await page.locator('main :is(h1, h2)').first().waitFor();
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
      expect(await overhang(page), path).toBe(0);
    }
  });

  it('all can be done by keyboard: the skip link first, then signing in and out', async () => {
    const student = await demo.addStudent();
    const page = await openPage(browser, complaints);
    await page.goto(`${demo.url}/tokens`);
    await page.getByLabel('E-mail address').waitFor();
    // The form has the focus already.
    await page.keyboard.type(student.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(student.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'API tokens' }).waitFor();

    await page.reload();
    await page.getByRole('heading', { name: 'API tokens' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.locator('main :focus').count()).toBe(1);

    await page.locator('header button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    // To the first, and around to the last.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${demo.url}/tokens`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('a token is shown once, works, and is refused once it is revoked', async () => {
    const page = await openPage(browser, complaints);
    await signIn(page, demo.url, await demo.addStudent(), '/tokens');
    await page.getByLabel('Name').fill('laptop');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const token = await page.locator('code', { hasText: /^topk_/ }).innerText();
    const me = () => fetch(`${demo.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await me()).status).toBe(200);
    await page.reload();
    await page.getByText('laptop').waitFor();
    expect(await page.locator('main').innerText()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('No tokens').waitFor();
    expect((await me()).status).toBe(401);
  });
});

/** From the submit page with nothing chosen to a score. */
async function submitFile(page: Page, name: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(join(submissions, name));
  await page.getByText('The file is in order').waitFor();
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.locator('[data-testid=state][data-state=scored]').waitFor();
}
