import { describe, expect, it } from 'vitest';
import { overhang } from './browser.ts';
import { signIn } from './steps.ts';
import { hasBrowser, useBrowser } from './suite.ts';

const course = '/courses/ds542';

describe.skipIf(!hasBrowser())('the pages of a course', () => {
  const { demo, open } = useBrowser();

  it('the log tells staff what changed, and is searched by text and by act', async () => {
    await demo().instructor.json('PATCH /competitions/digits', { dailyLimit: 11 });
    await demo().instructor.json('PATCH /competitions/digits', { dailyLimit: 12 });
    const page = await open({ viewport: { width: 360, height: 740 } });
    await signIn(page, demo().url, demo().logins.ta);
    await page.getByRole('link', { name: 'Deep Learning for Data Science' }).click();
    await page.getByRole('link', { name: 'Log', exact: true }).click();
    const entries = page.getByRole('listitem');
    await entries.first().waitFor();
    expect(await entries.first().locator('del').innerText()).toMatch(/11$/);
    expect(await entries.first().locator('ins').innerText()).toMatch(/12$/);
    expect(await overhang(page)).toBe(0);

    await page.getByLabel('Text').fill('solution');
    await page.getByLabel('Text').press('Enter');
    await page.getByText('Nothing in the log is like that').waitFor();
    await page.getByLabel('Text').fill('digits');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByLabel('Act', { exact: true }).selectOption({ label: 'publish competition' });
    await page.waitForURL(/action=publishCompetition/);
    await entries.nth(1).waitFor({ state: 'detached' });
    await page.getByText('publishedAt').waitFor();
    await page.reload();
    await page.getByText('publishedAt').waitFor();
    expect(await page.getByLabel('Text').inputValue()).toBe('digits');
  });

  it('an announcement is written, previewed, kept as a draft, published, edited and deleted', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    await signIn(page, demo().url, demo().logins.ta, course);
    await page.getByText('Nothing has been announced yet').waitFor();
    await page.getByRole('button', { name: 'Write an announcement' }).click();
    await page.keyboard.type('The midterm');
    await page.getByLabel('Text').fill('It opens on **Monday**. <script>alert(1)</script>');
    await page.locator('section[aria-label=Preview] strong').waitFor();
    await page.getByRole('button', { name: 'Save as a draft' }).click();
    await page.getByText('Draft: only staff see it').waitFor();
    expect(await overhang(page)).toBe(0);

    const student = await open();
    await signIn(student, demo().url, demo().logins.student, course);
    await student.getByText('Nothing has been announced yet').waitFor();

    await page.getByRole('button', { name: 'Edit The midterm' }).click();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Draft: only staff see it').waitFor({ state: 'detached' });
    await student.goto(demo().url);
    await student.getByRole('link', { name: 'The midterm' }).click();
    await student.locator('article strong', { hasText: 'Monday' }).waitFor();
    expect(await student.locator('main script').count()).toBe(0);
    expect(await student.getByRole('button', { name: /Edit|Delete|Write/ }).count()).toBe(0);

    await page.getByRole('button', { name: 'Edit The midterm' }).click();
    await page.getByLabel('Title').fill('The final');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'The final' }).waitFor();
    await page.getByText('edited').waitFor();
    await page.getByRole('button', { name: 'Delete The final' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Nothing has been announced yet').waitFor();
  });

  it('a student has no log, nor a link to it', async () => {
    const page = await open();
    await signIn(page, demo().url, demo().logins.student);
    await page.goto(`${demo().url}${course}`);
    await page.getByRole('link', { name: 'Announcements' }).waitFor();
    expect(await page.locator(`a[href="${course}/audit"]`).count()).toBe(0);
  });

  it('one that is not mine is no page', async () => {
    const page = await open();
    await signIn(page, demo().url, demo().logins.student);
    await page.goto(`${demo().url}/courses/another/audit`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  });
});
