import { describe, expect, it } from 'vitest';
import { Competition } from '../../core/contract/competitions.ts';
import { laterBy } from '../../web/src/dates/time-marks.ts';
import { localOf } from '../../web/src/dates/zoned.ts';
import { brokenRules } from './axe.ts';
import { overhang } from './browser.ts';
import { digits, inHours, signIn } from './steps.ts';
import { hasBrowser, useBrowser } from './suite.ts';

const hourMs = 3_600_000;

describe.skipIf(!hasBrowser())('the settings of a phase', () => {
  const { demo, open } = useBrowser();

  const phase = async () => {
    const { phases, timeZone } = Competition.parse((await demo().instructor.call(`GET ${digits}`)).body);
    const [first] = phases;
    if (first === undefined) throw new Error('the demo has no phase');
    return { ...first, timeZone };
  };

  it('are changed once it was seen what would change, and only what was changed', async () => {
    const before = await phase();
    const page = await open({ viewport: { width: 390, height: 844 } });
    await signIn(page, demo().url, demo().logins.instructor, digits);
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByText('Nothing is changed').waitFor();
    expect(await page.getByLabel('Percent per started hour').inputValue()).toBe('1');

    await page.getByLabel('Submissions a day').fill('');
    await page.getByLabel('Being late costs').selectOption('day');
    await page.getByLabel('Percent per started day').fill('10');
    await page.getByLabel('At most, in percent').fill('50');
    await page.getByLabel('On the boards counts').selectOption('last');
    await page.getByRole('button', { name: 'Add one' }).click();
    await page.getByLabel('Title of attachment 1').fill('Report');
    await page.getByText('4 settings changed').waitFor();
    await page.getByRole('button', { name: 'Review the changes' }).click();

    const dialog = page.getByRole('dialog');
    await dialog.getByText('−10 % per started day, at most 50 %').waitFor();
    expect(await dialog.locator('del').allInnerTexts()).toContainEqual(expect.stringMatching(/best submission$/));
    expect(await dialog.locator('ins').allInnerTexts()).toContainEqual(expect.stringMatching(/no limit$/));
    await dialog.getByText('Ranks and scores on both boards change at once').waitFor();
    expect(await brokenRules(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByText('Nothing is changed').waitFor();

    const { dailyLimit, latePolicy, counts, attachments, dueAt } = await phase();
    expect({ dailyLimit, latePolicy, counts }).toEqual({
      dailyLimit: null,
      latePolicy: { kind: 'percent', percent: 10, per: 'day', cap: 50 },
      counts: 'last',
    });
    expect(attachments).toEqual([{ id: 'report', title: 'Report', kind: 'file', required: false, endings: ['.pdf'] }]);
    expect(dueAt).toBe(before.dueAt);
  });

  it('tell at their field what is wrong, and put the focus there', async () => {
    const { timeZone } = await phase();
    const page = await open();
    await signIn(page, demo().url, demo().logins.instructor, `${digits}/settings`);
    await page.getByLabel('Late until', { exact: true }).fill(inHours(-200, timeZone));
    await page.getByLabel('Submissions a day').fill('none');
    await page.getByRole('button', { name: 'Review the changes' }).click();
    await page.getByText('must be after the due time').first().waitFor();
    await page.getByText('must be a number').waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true');
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.getByText('Nothing is changed').waitFor();
    expect(await page.getByText('must be').count()).toBe(0);
  });

  it('have their dates on a line, where a mark is dragged by days and moved by keys', async () => {
    const { timeZone, dueAt } = await phase();
    const page = await open();
    await signIn(page, demo().url, demo().logins.instructor, `${digits}/settings`);
    const field = page.getByLabel('Due', { exact: true });
    const mark = page.getByRole('slider', { name: 'Due, on the line' });
    const due = dueAt ?? '';
    await mark.press('ArrowRight');
    expect(await field.inputValue()).toBe(localOf(laterBy(due, { days: 1 }, timeZone), timeZone));
    await mark.press('Shift+ArrowLeft');
    expect(await field.inputValue()).toBe(localOf(laterBy(due, { days: 1, hours: -1 }, timeZone), timeZone));
    await page.getByRole('button', { name: 'Undo all' }).click();

    await mark.scrollIntoViewIfNeeded();
    const box = await mark.boundingBox();
    if (box === null) throw new Error('the mark is not drawn');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 120, y, { steps: 5 });
    await page.mouse.up();
    const dragged = await field.inputValue();
    // Days earlier, at the same time of the day.
    expect(dragged < localOf(due, timeZone)).toBe(true);
    expect(dragged.slice(10)).toBe(localOf(due, timeZone).slice(10));
    await page.getByRole('button', { name: 'Undo all' }).click();

    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('group', { name: 'Dates' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
    expect(await overhang(page)).toBe(0);
    expect(await page.getByRole('slider').count()).toBe(0);
    expect(await brokenRules(page)).toEqual([]);
  });

  it('warn before a deadline that is over is moved', async () => {
    const { timeZone } = await phase();
    await demo().instructor.json(`PATCH ${digits}`, {
      opensAt: new Date(Date.now() - 400 * hourMs).toISOString(),
      dueAt: new Date(Date.now() - 300 * hourMs).toISOString(),
      lateUntil: new Date(Date.now() - 290 * hourMs).toISOString(),
    });
    const page = await open();
    await signIn(page, demo().url, demo().logins.instructor, `${digits}/settings`);
    await page.getByLabel('Late until', { exact: true }).fill('');
    await page.getByLabel('Due', { exact: true }).fill(inHours(24, timeZone));
    await page.getByRole('button', { name: 'Review the changes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('What was submitted is judged anew').waitFor();
    await dialog.getByText('Students have seen the private board').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('2 settings changed').waitFor();
    await page.getByRole('button', { name: 'Review the changes' }).press('Enter');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect((await phase()).status).toBe('open');
  });

  it('are the instructor’s alone', async () => {
    const page = await open();
    await signIn(page, demo().url, demo().logins.ta, digits);
    await page.getByRole('link', { name: 'Extensions' }).waitFor();
    expect(await page.getByRole('link', { name: 'Settings', exact: true }).count()).toBe(0);
    await page.goto(`${demo().url}${digits}/settings`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  });
});
