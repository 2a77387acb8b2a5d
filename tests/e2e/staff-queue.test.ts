import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyPredictions, makeCompetition } from '../support/competitions.ts';
import { makeGraded, type GradedCompetition } from '../support/graded.ts';
import { until } from '../support/poll.ts';
import { overhang } from './browser.ts';
import { useStaff } from './staff.ts';
import { hasBrowser } from './suite.ts';

const phone = { viewport: { width: 390, height: 844 } };

describe.skipIf(!hasBrowser())('what needs the staff', () => {
  const { system, course, open } = useStaff(3);
  let graded: GradedCompetition;
  let failed: number;
  beforeAll(async () => {
    graded = await makeGraded(course());
    for (const [index, student] of course().students.entries()) await graded.submit(student, index + 3);
    await graded.setScheme({ rubric: [{ id: 'report', title: 'Report', points: 10 }], regradeDays: 7 });
    await graded.close();
    const [student] = course().students;
    const slug = await makeCompetition(course());
    failed = (await student?.submit(slug, tinyPredictions))?.id ?? 0;
    await student?.finished(failed);
    const data = { state: 'failed' as const, fault: 'no space left on device' };
    await system().db.prisma.submission.update({ where: { id: failed }, data });
  });

  const names = () =>
    course()
      .students.map(({ name }) => name)
      .toSorted();
  const focused = async (page: Page) => await page.evaluate('document.activeElement.textContent');
  const focusIs = async (page: Page, text: RegExp | string) =>
    await until(`the focus is on ${String(text)}`, 120_000, async () => expect(await focused(page)).toMatch(text));

  it('is worked through by keyboard: settled, put back, opened, come back to', async () => {
    const page = await open(`/courses/${course().slug}/queue`);
    await page.getByText('no space left on device').waitFor();
    await page.keyboard.press('j');
    await focusIs(page, new RegExp(`submission ${failed}$`));
    await page.keyboard.press('d');
    await page.getByText('no space left on device').waitFor({ state: 'detached' });
    // The next one has moved up to where the focus was.
    await focusIs(page, names()[0] ?? '');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('no space left on device').waitFor();

    await page.getByRole('link', { name: /^To grade/ }).click();
    await page.waitForURL(/kind=ungraded/);
    await page.getByText('no space left on device').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^Failed/ }).click();
    await page.getByText('no space left on device').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Submission ${failed}` }).waitFor();
    await page.getByRole('button', { name: 'Done: take it from the queue' }).click();
    await page.getByRole('button', { name: 'Put it back into the queue' }).waitFor();
    await page.goBack();
    await page.getByText('Nothing of that kind needs you').waitFor();
  });

  it('leads to who is to be graded, and from one to the next without a mouse', async () => {
    const [first = '', second = '', third = ''] = names();
    const page = await open(`/courses/${course().slug}/queue?kind=ungraded`);
    await page.getByRole('link', { name: first }).waitFor();
    for (const name of [first, second]) {
      await page.keyboard.press('j');
      await focusIs(page, name);
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: second }).waitFor();
    const points = page.getByLabel('Points, 0 to 10');
    await until('the points have the focus', 120_000, async () =>
      expect(await page.evaluate('document.activeElement.dataset.points')).toBe('report'),
    );
    await page.keyboard.type('11');
    await page.getByText('0 to 10', { exact: true }).waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Tab');
    await page.keyboard.type('A start.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: third }).waitFor();
    await page.keyboard.type('7.5');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: first }).waitFor();
    // Back and on again without keeping anything.
    await page.keyboard.press('PageDown');
    await page.getByRole('heading', { name: second }).waitFor();
    expect(await points.inputValue()).toBe('1');
    await page.keyboard.press('PageUp');
    await page.getByRole('heading', { name: first }).waitFor();
    await page.keyboard.type('10');
    await page.keyboard.press('Enter');
    await page.getByText('Everybody is graded').waitFor();

    const { rows } = await graded.gradebook();
    const marks = rows.map(({ name, marks: given }) => [name, given.map((mark) => [mark.points, mark.comment])]);
    expect(marks).toEqual([
      [first, [[10, '']]],
      [second, [[1, 'A start.']]],
      [third, [[7.5, '']]],
    ]);
    await page.getByRole('link', { name: 'Back to the queue' }).click();
    await page.getByText('Nothing needs you').waitFor();
  });

  it('fits a phone, and says by itself what is new', async () => {
    const page = await open(`/courses/${course().slug}/queue`, phone);
    await page.getByText('Nothing needs you').waitFor();
    const [student] = course().students;
    await graded.release();
    await student?.json(`POST /competitions/${graded.slug}/regrades`, { text: 'Please look again, '.repeat(30) });
    await page.getByText('Please look again').waitFor();
    expect(await overhang(page)).toBe(0);
    await page.getByRole('link', { name: student?.name ?? '' }).click();
    await page.getByRole('heading', { name: `Regrade request of ${student?.name}` }).waitFor();
    await page.getByRole('link', { name: 'Grade by hand' }).click();
    await page.getByText('Everybody is graded').waitFor();
    expect(await overhang(page)).toBe(0);
    await page.goto(`${system().url}/competitions/${graded.slug}/grading?student=${student?.id}`);
    await page.getByRole('heading', { name: student?.name ?? '' }).waitFor();
    expect(await overhang(page)).toBe(0);
  });
});
