import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { passDays } from '../support/pass-days.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';
import { findChromium, listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { inHours, signIn } from './steps.ts';
import { hasBrowser } from './suite.ts';

const password = 'a long enough password';
const ids = [...'abcdefgh'];
const truth = '01010101';
const key = `id,label,Usage\n${ids.map((id, i) => `${id},${truth[i]},${i < 4 ? 'Public' : 'Private'}`).join('\n')}\n`;
const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
/** Predictions that are right in so many of the four public rows and of the four private ones. */
const guesses = (name: string, publicHits: number, privateHits: number) =>
  csv(
    name,
    `id,label\n${ids.map((id, i) => `${id},${i % 4 < (i < 4 ? publicHits : privateHits) ? truth[i] : 1 - Number(truth[i])}`).join('\n')}\n`,
  );
const path = '/competitions/night-walk';

/** What the grade scheme below is worth, worked out by hand: 10 points at 0.25, 40 at 1, evenly between; 5 for the first of the private board. */
const expected = {
  ann: { performance: 40, bonus: 5, report: 18, points: 63 },
  bob: { performance: 30, bonus: 0, report: 12.5, points: 42.5 },
  cem: { performance: 10, bonus: 0, report: 15, points: 25 },
} as const;

describe.skipIf(!hasBrowser())('an assignment from its making to its grades, by the web alone', () => {
  const complaints = listenForComplaints();
  let system: System;
  let browser: Browser;
  let course: TestCourse;
  const pages = new Map<string, Page>();

  beforeAll(async () => {
    system = await startSystem();
    browser = await startBrowser(findChromium(process.env) ?? '');
    course = await makeCourse(system, { students: 3 });
    const passwordHash = await hashPassword(password);
    const named = { 'Iris Instructor': course.instructor, 'Theo Assistant': course.ta };
    const [ann, bob, cem] = course.students;
    for (const [name, person] of Object.entries({ ...named, ann, bob, cem })) {
      await system.db.prisma.user.update({ where: { id: person?.id ?? 0 }, data: { name, passwordHash } });
      const page = await openPage(browser, complaints);
      await signIn(page, system.url, { email: person?.email ?? '', password });
      pages.set(name, page);
    }
  });
  afterAll(async () => {
    await browser.close();
    await system.stop();
    expect(complaints.list).toEqual([]);
  });

  const pageOf = (name: string) => {
    const page = pages.get(name);
    if (page === undefined) throw new Error(`nobody is called ${name}`);
    return page;
  };
  const go = async (name: string, to: string) => {
    const page = pageOf(name);
    await page.goto(`${system.url}${path}${to}`);
    return page;
  };
  const send = async (page: Page, file: ReturnType<typeof csv>) => {
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('The file is in order: 8 rows').waitFor();
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.locator('[data-testid=state][data-state=scored]').waitFor();
  };
  /** Comes back to the submit page until it says so: the api may know the dates from before for some seconds. */
  const reads = async (name: string, text: string) =>
    await until(`${name} reads “${text}”`, 120_000, async () => {
      const page = await go(name, '/submit');
      await page.getByText(text).first().waitFor({ timeout: 20_000 });
      return page;
    });

  it('the instructor makes it from nothing, with its grade rule, and publishes it', async () => {
    const page = pageOf('Iris Instructor');
    const step = (name: string) => page.getByRole('region', { name, exact: true });
    const done = async (name: string) => await step(name).getByText('✓ done').waitFor();
    await page.getByRole('link', { name: 'New competition' }).click();
    await page.getByLabel('Title').fill('Night walk');
    await page.getByRole('button', { name: 'Make the draft' }).click();
    await page.waitForURL(/\/night-walk\/setup$/);
    await step('What it is about').getByLabel('Description').fill('Tell **day** from night: $p = \\frac{1}{2}$.');
    await step('What it is about').getByRole('button', { name: 'Save' }).click();
    await done('What it is about');
    await step('The metric').getByLabel('Metrics').fill('top1');
    const saveMetric = step('The metric').getByRole('button', { name: 'Save' });
    if (await saveMetric.isEnabled()) await saveMetric.click();
    const data = [csv('test.csv', 'id,x\na,1\n'), guesses('sample_submission.csv', 0, 0)];
    await step('Data').locator('input[type=file]').setInputFiles(data);
    await done('Data');
    await step('Answer key').locator('input[type=file]').setInputFiles(csv('solution.csv', key));
    await done('Answer key');

    const settings = step('Dates, limits and rules');
    await settings.getByLabel('Due', { exact: true }).fill(inHours(2 * 24));
    await settings.getByLabel('Private board revealed', { exact: true }).fill(inHours(30 * 24));
    await settings.getByLabel('On the boards counts').selectOption('selected');
    await settings.getByLabel('Show students boards of fewer than five teams').check();
    await settings.getByRole('button', { name: 'Review the changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await done('Dates, limits and rules');
    await step('Publish').getByText('Nothing is missing.').waitFor();
    await page.getByRole('button', { name: 'Publish it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish it' }).click();
    await step('Published').waitFor();

    await page.getByRole('link', { name: 'Grades', exact: true }).click();
    await page.getByRole('button', { name: 'Set the grade scheme' }).click();
    const scheme = page.getByRole('form', { name: 'The grade scheme' });
    for (const [i, score, points] of [
      [1, '0.25', '10'],
      [2, '1', '40'],
    ] as const) {
      await scheme.getByLabel(`Score, anchor ${i}`).fill(score);
      await scheme.getByLabel(`Points, anchor ${i}`).fill(points);
    }
    await scheme.getByRole('group', { name: 'Bonus by private rank' }).getByRole('button', { name: /^Add/ }).click();
    await scheme.getByLabel('Top, bonus 1').fill('1');
    await scheme.getByLabel('Points, bonus 1').fill('5');
    await scheme.getByRole('group', { name: 'Graded by hand' }).getByRole('button', { name: /^Add/ }).click();
    await scheme.getByLabel('Title, item 1').fill('Report');
    await scheme.getByLabel('Points, item 1').fill('20');
    await scheme.getByLabel('Days for regrade requests').fill('7');
    await scheme.getByRole('button', { name: 'Save the scheme' }).click();
    await scheme.waitFor({ state: 'detached' });
  });

  it('a student sends a good file, then a better one in public, and selects the first', async () => {
    const page = pageOf('ann');
    await page.goto(system.url);
    await page
      .getByRole('link', { name: /Night walk/ })
      .first()
      .click();
    await page.locator('.katex, math').first().waitFor();
    await page.getByRole('link', { name: 'Submit', exact: true }).click();
    await send(page, guesses('first.csv', 3, 4));
    expect(await page.locator('main').innerText()).toContain('0.7500');
    await page.getByRole('button', { name: 'Submit another' }).click();
    await send(page, guesses('second.csv', 4, 2));
    await page.getByRole('link', { name: 'My submissions' }).click();
    await page.getByRole('link', { name: 'first.csv', exact: true }).click();
    await page.getByRole('button', { name: /^Select it to count/ }).click();
    await page.getByText('Its team selected it to count.').waitFor();
  });

  it('another sends a wrong file, is told where it is wrong and charged nothing, and sends a right one from a phone', async () => {
    const page = await go('bob', '/submit');
    await page.setViewportSize({ width: 390, height: 844 });
    const wrong = 'id,label\na,0\nb,seven\nnobody,1\n';
    await page.locator('input[type=file]').setInputFiles(csv('wrong.csv', wrong));
    const report = page.getByRole('alert');
    await report.waitFor();
    const text = await report.innerText();
    for (const place of ['line 3', 'line 4']) expect(text).toContain(place);
    expect(await page.getByRole('button', { name: 'Submit', exact: true }).count()).toBe(0);
    expect(await overhang(page)).toBe(0);
    await page.getByRole('link', { name: 'My submissions' }).click();
    await page
      .getByText(/no submission|nothing/i)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Submit', exact: true }).click();
    await send(page, guesses('right.csv', 2, 3));
    expect(await overhang(page)).toBe(0);
  });

  it('the TA gives an extension; after the due time it lets one in, and nobody else', async () => {
    const page = await go('Theo Assistant', '/extensions');
    await page.getByRole('button', { name: 'Give an extension' }).click();
    const option = page.locator('option', { hasText: 'cem' });
    await page.getByLabel('Student').selectOption(await option.getAttribute('value'));
    await page.getByLabel('New due time').fill(inHours(5 * 24));
    await page.getByLabel('Reason').fill('Was ill.');
    await page.getByRole('button', { name: 'Give it' }).click();
    await page.getByText('Was ill.').waitFor();

    await passDays(system.db.pool, 3);
    await reads('ann', 'The deadline was');
    const late = await reads('cem', 'Due for you');
    await send(late, guesses('late.csv', 4, 1));
    expect(await late.locator('main').innerText()).not.toContain('Was ill.');
  });

  it('the TA scores one again, and grades the reports by keyboard from the queue', async () => {
    const page = await go('Theo Assistant', '/submissions');
    await page.getByRole('link', { name: 'right.csv', exact: true }).click();
    await page.getByRole('region', { name: 'Private scores' }).waitFor();
    await page.getByRole('button', { name: 'Score again' }).click();
    await until('it has been scored twice', 120_000, async () => {
      const { rows } = await system.db.pool.query(
        `select attempt from submission where file_name = 'right.csv' and state = 'scored' and attempt > 1`,
      );
      return rows.length === 1;
    });
    await page.locator('[data-testid=state][data-state=scored]').waitFor();

    await passDays(system.db.pool, 3);
    await reads('cem', 'The deadline was');
    await page.goto(`${system.url}/courses/${course.slug}/queue?kind=ungraded`);
    await page.getByRole('link', { name: 'ann' }).waitFor();
    await page.keyboard.press('j');
    const focus = async () => await page.evaluate('document.activeElement.textContent');
    await until('the first has the focus', 120_000, async () => (await focus()) === 'ann');
    await page.keyboard.press('Enter');
    for (const name of ['ann', 'bob', 'cem'] as const) {
      await page.getByRole('heading', { name }).waitFor();
      await until(
        'the points have the focus',
        120_000,
        async () => (await page.evaluate(`document.activeElement.dataset.points ?? ''`)) !== '',
      );
      // Bob’s is looked at again below.
      await page.keyboard.type(String(name === 'bob' ? 10 : expected[name].report));
      await page.keyboard.press('Enter');
    }
    await page.getByText('Everybody is graded').waitFor();
  });

  it('the instructor reveals the private board and releases the grades', async () => {
    const page = await go('Iris Instructor', '/leaderboard?board=private');
    await page.getByRole('button', { name: 'Reveal it now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reveal' }).click();
    await page.getByText(/Final since/).waitFor();
    await page.getByRole('button', { name: 'Shake-up' }).click();
    await page.getByRole('figure', { name: 'From the public board to the private one' }).waitFor();
    await go('Iris Instructor', '/grades');
    await page.getByRole('button', { name: 'Release grades' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByText('3 of 3 students see their grade.').waitFor();
  });

  it('a student reads how the grade came about and asks for a regrade, which the TA grants', async () => {
    const page = await go('bob', '/my-grade');
    await page.getByRole('article', { name: 'The grade' }).waitFor();
    expect(await page.getByRole('article', { name: 'The grade' }).locator('tfoot').innerText()).toMatch(/40\s+of 60/);
    await page.getByLabel('Is something wrong with it?').fill('The last page of my report was not seen.');
    await page.getByRole('button', { name: 'Ask for a regrade' }).click();
    await page.getByRole('article', { name: 'Regrade request' }).waitFor();

    const staff = pageOf('Theo Assistant');
    await staff.goto(`${system.url}/courses/${course.slug}/queue`);
    await staff.getByRole('link', { name: 'bob' }).first().click();
    const thread = staff.getByRole('article', { name: 'Regrade request of bob' });
    await thread.getByLabel('Answer, or the outcome with why').fill('True; 2.5 more.');
    await thread.getByRole('button', { name: 'Grant and close' }).click();
    await thread.waitFor({ state: 'detached' });
    await staff.getByRole('link', { name: 'Grade by hand' }).click();
    await staff.getByText('Everybody is graded').waitFor();
    const { id = 0 } = course.students[1] ?? {};
    await go('Theo Assistant', `/grading?student=${id}`);
    await staff.getByLabel('Points, 0 to 20').fill('12.5');
    await staff.keyboard.press('Enter');
    await staff.getByRole('heading', { name: 'bob' }).waitFor({ state: 'detached' });
  });

  it('the instructor releases anew and exports: the file says what was worked out by hand', async () => {
    const page = await go('Iris Instructor', '/grades');
    await page.getByText('1 released grade differ').waitFor();
    await page.getByRole('button', { name: 'Release grades' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByText('differ from how they stand now').waitFor({ state: 'detached' });
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV', exact: true }).click();
    const text = await readFile(await (await waiting).path(), 'utf8');
    const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
    const wanted = Object.entries(expected).map(([name, grade]) => [name, Object.values(grade), 0]);
    const grades = rows.map(({ name = '', performance, bonus, report, points, ...row }): [string, number[], number] => [
      name,
      [performance, bonus, report, points].map(Number),
      Number(row['late']),
    ]);
    expect(grades.toSorted(([a], [b]) => a.localeCompare(b))).toEqual(wanted);

    const student = await go('bob', '/my-grade');
    await student.getByText('True; 2.5 more.').waitFor();
    expect(await student.getByRole('article', { name: 'The grade' }).locator('tfoot').innerText()).toMatch(
      /42\.5\s+of 60/,
    );
    const board = await go('ann', '/leaderboard?board=private');
    expect(await board.locator('tr[data-mine] td').first().innerText()).toMatch(/^1/);
  });
});
