import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { makeZip } from '../support/zip.ts';
import { findChromium, listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { signIn } from './steps.ts';
import { hasBrowser } from './suite.ts';

const password = 'a long enough password';
const homework = join(import.meta.dirname, '../../examples/homework');

describe.skipIf(!hasBrowser())('a competition from a zipped folder', () => {
  const complaints = listenForComplaints();
  // A browser writes every refusal to the console.
  complaints.expected.push(/ 422 /);
  let system: System;
  let browser: Browser;
  let course: TestCourse;
  let page: Page;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    browser = await startBrowser(findChromium(process.env) ?? '');
    course = await makeCourse(system, { students: 0 });
    for (const { id } of [course.instructor, course.ta])
      await system.db.prisma.user.update({ where: { id }, data: { passwordHash: await hashPassword(password) } });
    page = await openPage(browser, complaints);
    await signIn(page, system.url, { email: course.instructor.email, password }, `/courses/${course.slug}`);
    await page.getByRole('link', { name: 'From a folder' }).click();
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    expect(complaints.list).toEqual([]);
  });

  async function choose(change: (yaml: string) => string): Promise<void> {
    const found = await readdir(homework, { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const entries = await Promise.all(
      paths.map(async (path) => {
        const content = await readFile(path, 'utf8');
        const name = `homework/${path.slice(homework.length + 1)}`;
        return { name, content: name.endsWith('.yaml') ? change(content) : content };
      }),
    );
    const buffer = Buffer.from(makeZip(entries));
    await page.locator('input[type=file]').setInputFiles({ name: 'homework.zip', mimeType: 'application/zip', buffer });
    await page.getByRole('button', { name: 'Preview' }).click();
  }
  const ours = (yaml: string) => yaml.replace('course: ds542', `course: ${course.slug}`);

  it('is refused with the lines that are wrong', async () => {
    await choose((yaml) => ours(yaml).replace('counts: last', 'counts: latest'));
    await page.getByText('The folder was not taken').waitFor();
    await page.getByText('line 18, competition.yaml').waitFor();
    expect(await page.getByRole('button', { name: 'Apply it' }).count()).toBe(0);
  });

  it('is seen before it is made, then made, then brought in line', async () => {
    await choose(ours);
    const changes = page.getByRole('list', { name: 'What would change' });
    await changes.getByText('homework-3 is made').waitFor();
    await changes.getByText('data/train.csv is uploaded').waitFor();
    expect((await course.instructor.call('GET /competitions/homework-3')).status).toBe(404);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overhang(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.getByRole('button', { name: 'Apply it', exact: true }).click();
    await page.getByText('The competition is as the folder says').waitFor();

    await choose((yaml) => ours(yaml).replace('totalLimit: 20', 'totalLimit: 21'));
    await changes.getByText('phase main changes: totalLimit').waitFor();
    await page.getByRole('button', { name: 'Apply it', exact: true }).click();
    await page.getByRole('link', { name: 'Open homework-3' }).click();
    await page.getByRole('heading', { name: 'Homework 3: three arms of a spiral' }).waitFor();
  });

  it('is nothing for TAs', async () => {
    const theirs = await openPage(browser, complaints);
    await signIn(theirs, system.url, { email: course.ta.email, password }, `/courses/${course.slug}`);
    await theirs.getByRole('link', { name: 'Log', exact: true }).waitFor();
    expect(await theirs.getByRole('link', { name: 'From a folder' }).count()).toBe(0);
  });
});
