import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { localOf } from '../../web/src/dates/zoned.ts';

/** The demo's competition. */
export const digits = '/competitions/digits';

/** One of the demo's predictions files. */
export function predictions(name: string): string {
  return join(import.meta.dirname, '../../examples/digits/submissions', name);
}

/** Signs in as a person would, and waits for the page that comes next. */
export async function signIn(
  page: Page,
  baseUrl: string,
  login: { email: string; password: string },
  path = '/',
): Promise<void> {
  await page.goto(`${baseUrl}${path}`);
  await page.getByLabel('E-mail address').fill(login.email);
  await page.getByLabel('Password', { exact: true }).fill(login.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** From the submit page with nothing chosen to a score. */
export async function submitFile(page: Page, name: string): Promise<void> {
  await chooseAndSend(page, name);
  await page.locator('[data-testid=state][data-state=scored]').waitFor();
}

export async function chooseAndSend(page: Page, name: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(predictions(name));
  await page.getByText('The file is in order').waitFor();
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
}

/** Some hours from now by a zone’s clock, as it is put into a field for a date and time. */
export function inHours(hours: number, timeZone = 'America/New_York'): string {
  return localOf(new Date(Date.now() + hours * 3_600_000).toISOString(), timeZone).slice(0, 16);
}
