import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { listenForComplaints, openPage } from './browser.ts';
import { digits, predictions, signIn } from './steps.ts';

export interface Site {
  readonly baseUrl: string;
  readonly logins: Readonly<Record<string, { readonly email: string; readonly password: string } | undefined>>;
}

/** The four small pictures of the README, of the demo's competition: a file with errors, a score, the board, and the dates while they are set. */
export async function takeReadmePictures(browser: Browser, { baseUrl, logins }: Site, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const keep = async (page: Page, name: string) => {
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  };
  const open = async (role: string, path: string) => {
    const login = logins[role];
    if (login === undefined) throw new Error(`the demo has no login for ${role}`);
    const page = await openPage(browser, listenForComplaints(), { viewport: { width: 960, height: 640 } });
    await signIn(page, baseUrl, login, path);
    await page.locator('main :is(h1, h2, section)').first().waitFor();
    return page;
  };
  const student = await open('student', `${digits}/submit`);
  const input = student.locator('input[type=file]');
  const buffer = Buffer.from('id,label_1\ndigit_0949,12\ndigit_9999,3\ndigit_0949,\n');
  await input.setInputFiles({ name: 'predictions.csv', mimeType: 'text/csv', buffer });
  const report = student.getByRole('alert');
  await report.waitFor();
  await report.scrollIntoViewIfNeeded();
  await keep(student, 'checked');
  await input.setInputFiles(predictions('random_forest.csv'));
  await student.getByText('in order').waitFor();
  await student.getByRole('button', { name: 'Submit', exact: true }).click();
  await student.getByTestId('rank-change').scrollIntoViewIfNeeded();
  await keep(student, 'scored');
  await student.goto(`${baseUrl}${digits}/leaderboard`);
  const mine = student.locator('tr[data-mine]');
  await mine.waitFor();
  await mine.scrollIntoViewIfNeeded();
  await keep(student, 'leaderboard');
  await student.context().close();
  const instructor = await open('instructor', `${digits}/settings`);
  const dates = instructor.getByRole('region', { name: 'Dates', exact: true });
  await dates.waitFor();
  await instructor.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  await dates.screenshot({ path: join(folder, 'dates.png'), animations: 'disabled' });
  await instructor.context().close();
}
