import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, makePerson, type Person, type TestCourse } from '../support/people.ts';
import { seeWorker } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';
import { findChromium, listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { signIn } from './steps.ts';
import { hasBrowser } from './suite.ts';

const password = 'a long enough password';

describe.skipIf(!hasBrowser())('the page of operations', () => {
  const complaints = listenForComplaints();
  let system: System;
  let browser: Browser;
  let course: TestCourse;
  let admin: Person;
  let page: Page;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    browser = await startBrowser(findChromium(process.env) ?? '');
    course = await makeCourse(system, { students: 1 });
    admin = await makePerson(system, undefined, 'student', true);
    for (const { id } of [admin, course.instructor])
      await system.db.prisma.user.update({ where: { id }, data: { passwordHash: await hashPassword(password) } });
    page = await openPage(browser, complaints);
    await signIn(page, system.url, { email: admin.email, password });
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    expect(complaints.list).toEqual([]);
  });

  it('says what needs a hand, and by itself when nothing does any more', async () => {
    const slug = await makeCompetition(course);
    const { id } = (await course.students[0]?.submit(slug, tinyPredictions)) ?? { id: 0 };
    await page.locator('header [popovertarget]').click();
    await page.getByRole('link', { name: 'Operations' }).click();
    await page.getByText('No worker is there').waitFor();
    await page.getByTestId('job').getByText('no worker serves its queue').waitFor();
    expect(await page.getByRole('link', { name: `Submission ${id}` }).count()).toBe(1);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overhang(page)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 720 });
    await seeWorker(system.db, 'lonely', {
      gpus: [{ id: 'GPU-0', name: 'NVIDIA H200', state: 'drained', reason: 'it fell off the bus' }],
    });
    await page.getByText('GPUs take no runs: NVIDIA H200 of lonely').waitFor();
    await system.db.pool.query(`delete from worker`);
    await system.startWorker();
    await page.getByText('Nothing needs a hand').waitFor();
    await page.getByText('Nothing runs, and nothing waits').waitFor();
    await page.getByRole('rowheader', { name: 'Scoring' }).last().waitFor();
    await page.getByText('worker-1').waitFor();
  });

  it('is no page of an instructor', async () => {
    const theirs = await openPage(browser, complaints);
    await signIn(theirs, system.url, { email: course.instructor.email, password });
    await theirs.locator('header [popovertarget]').click();
    await theirs.getByRole('link', { name: 'API tokens' }).waitFor();
    expect(await theirs.getByRole('link', { name: 'Operations' }).count()).toBe(0);
    await theirs.goto(`${system.url}/operations`);
    await theirs.getByText('This page is for site admins').waitFor();
  });
});
