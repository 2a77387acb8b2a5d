import { describe, expect, it } from 'vitest';
import { listMembers } from '../../core/contract/courses.ts';
import { overhang } from './browser.ts';
import { digits, signIn, submitFile } from './steps.ts';
import { hasBrowser, useBrowser } from './suite.ts';

const phone = { viewport: { width: 390, height: 844 } };

describe.skipIf(!hasBrowser())('a student', () => {
  const { demo, open } = useBrowser();

  it('finds at home what is due with their own date, standing and what is left, and submits from there', async () => {
    const student = await demo().addStudent();
    const page = await open(phone);
    await signIn(page, demo().url, student);
    const due = page.getByRole('region', { name: 'What is due' }).getByRole('listitem');
    await due.getByText('no score yet').waitFor();
    expect(await due.innerText()).toContain('20 of 20 today');

    const { instructor } = demo();
    const extended = new Date(Date.now() + 40 * 86_400_000).toISOString();
    const { body } = await instructor.call('GET /courses/ds542/members');
    const userId = memberId(body, student.email);
    await instructor.json('POST /competitions/digits/extensions', { userId, dueAt: extended, reason: 'Ill' });
    await page.reload();
    await due.getByText('Due for you').waitFor();

    await due.getByRole('link', { name: 'Submit to Handwritten digits' }).click();
    await submitFile(page, 'random_forest.csv');
    await page.getByRole('link', { name: 'Topk' }).first().click();
    await due.getByText(/\d+ of \d+ teams/).waitFor();
    expect(await due.innerText()).toContain('19 of 20 today');
    expect(await overhang(page)).toBe(0);
  });

  it('sorts what they submitted, sees how the scores went, and compares two', async () => {
    const page = await open();
    await signIn(page, demo().url, await demo().addStudent(), `${digits}/submit`);
    for (const name of ['random_forest.csv', 'decision_tree_depth4.csv', 'logistic_regression.csv']) {
      await submitFile(page, name);
      await page.getByRole('button', { name: 'Submit another' }).click();
    }
    await page.getByRole('link', { name: 'My submissions' }).click();
    const names = () => page.locator('li a[href*="/submissions/"]:not([download])').allInnerTexts();
    await page.getByRole('figure', { name: 'My top1 over time' }).waitFor();
    expect(await names()).toEqual(['logistic_regression.csv', 'decision_tree_depth4.csv', 'random_forest.csv']);

    await page.getByLabel('Order').selectOption('best');
    await expect.poll(async () => (await names())[0]).toBe('random_forest.csv');
    expect((await names()).at(-1)).toBe('decision_tree_depth4.csv');
    await page.reload();
    await expect.poll(async () => (await names())[0]).toBe('random_forest.csv');

    // By keyboard: the newest score, then the one before it.
    const chart = page.getByRole('figure', { name: 'My top1 over time' });
    await chart.getByRole('group', { name: /arrow keys/ }).focus();
    await page.keyboard.press('End');
    await chart.getByText(/best so far 0\.9/).waitFor();
    await page.keyboard.press('Home');
    await chart.getByText('a new best').waitFor();
    await chart.getByText('As a table').click();
    expect(await chart.getByRole('row').count()).toBe(4);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Download random_forest.csv/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('random_forest.csv');

    const boxes = page.getByRole('checkbox', { name: /Compare #/ });
    await boxes.nth(0).check();
    await boxes.nth(2).check();
    await page.getByRole('link', { name: /Compare #\d+ and #\d+/ }).click();
    await page
      .getByText(/^−0\.\d+$/)
      .first()
      .waitFor();
    await page.setViewportSize(phone.viewport);
    expect(await overhang(page)).toBe(0);
    await page.goBack();
    await page.getByRole('figure', { name: 'My top1 over time' }).waitFor();
    expect(await overhang(page)).toBe(0);
  });

  it('sees the first rows of a data file without downloading it', async () => {
    const page = await open(phone);
    await signIn(page, demo().url, await demo().addStudent(), `${digits}/data`);
    await page.getByRole('button', { name: 'Show the first rows of train.csv' }).click();
    const rows = page.getByRole('region', { name: 'The first rows of train.csv' });
    await rows.getByRole('columnheader', { name: 'id', exact: true }).waitFor();
    expect(await rows.getByRole('row').count()).toBe(11);
    expect(await rows.innerText()).toContain('more columns');
    expect(await overhang(page)).toBe(0);
    await page.getByRole('button', { name: 'Hide the first rows of train.csv' }).click();
    await rows.waitFor({ state: 'hidden' });
  });
});

function memberId(body: unknown, email: string): number {
  const { members } = listMembers.schema.response[200].parse(body);
  const found = members.find((member) => member.email === email);
  if (found === undefined) throw new Error(`${email} is not in the course`);
  return found.userId;
}
