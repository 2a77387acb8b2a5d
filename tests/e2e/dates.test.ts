import { describe, expect, it } from 'vitest';
import { Competition } from '../../core/contract/competitions.ts';
import { localOf } from '../../web/src/dates/zoned.ts';
import { brokenRules } from './axe.ts';
import { overhang } from './browser.ts';
import { digits, signIn } from './steps.ts';
import { hasBrowser, useBrowser } from './suite.ts';

describe.skipIf(!hasBrowser())('the dates of a competition', () => {
  const { demo, open } = useBrowser();

  it('are moved for one student by staff, seen by that student alone, and moved back', async () => {
    const { phases, timeZone } = Competition.parse((await demo().instructor.call(`GET ${digits}`)).body);
    const dueMs = Date.parse(phases[0]?.dueAt ?? '');
    const later = localOf(new Date(dueMs + 72 * 3_600_000).toISOString(), timeZone);
    const page = await open({ viewport: { width: 360, height: 740 } });
    await signIn(page, demo().url, demo().logins.ta, `${digits}/extensions`);
    await page.getByText('Nobody has other dates').waitFor();
    await page.getByRole('button', { name: 'Give an extension' }).click();
    const option = page.locator('option', { hasText: demo().logins.student.email });
    await page.getByLabel('Student').selectOption(await option.getAttribute('value'));
    await page.getByLabel('New due time').fill(later);
    await page.getByLabel('Reason').fill('Ill, with a <b>note</b>');
    await page.getByRole('button', { name: 'Give it' }).click();
    await page.getByRole('button', { name: /^Take back the extension of/ }).waitFor();
    await page.getByText('Ill, with a <b>note</b>').waitFor();
    expect(await overhang(page)).toBe(0);

    const student = await open();
    await signIn(student, demo().url, demo().logins.student, digits);
    await student.getByText('Due for you').waitFor();
    expect(await student.locator('main').innerText()).not.toContain('Ill, with');

    await page.getByRole('button', { name: /^Take back/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByText('Nobody has other dates').waitFor();
    await student.reload();
    await student.getByText('Due', { exact: true }).waitFor();
    expect(await student.getByText('Due for you').count()).toBe(0);
  });

  it('are moved for a team', async () => {
    const page = await open();
    await signIn(page, demo().url, demo().logins.ta, `${digits}/extensions`);
    await page.getByRole('button', { name: 'Give an extension' }).click();
    await page.getByLabel('For', { exact: true }).selectOption('team');
    await page.locator('option', { hasText: '(' }).first().waitFor({ state: 'attached' });
    await page.getByLabel('Team', { exact: true }).selectOption({ index: 1 });
    await page.getByLabel('New due time').fill('2040-01-01T12:00');
    await page.getByLabel('Reason').fill('Its machine broke');
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Give it' }).click();
    await page.getByRole('button', { name: /^Take back the extension of Team / }).click();
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByText('Nobody has other dates').waitFor();
  });
});
