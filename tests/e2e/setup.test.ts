import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { brokenRules } from './axe.ts';
import { overhang } from './browser.ts';
import { useStaff } from './staff.ts';
import { inHours } from './steps.ts';
import { hasBrowser } from './suite.ts';

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

describe.skipIf(!hasBrowser())('a competition from nothing', () => {
  // A browser writes the refusal of a damaged key to the console.
  const { system, course, open } = useStaff(1, { role: 'instructor', expected: [/ 422 /] });
  let page: Page;
  beforeAll(async () => {
    page = await open('/');
  });

  const step = (name: string) => page.getByRole('region', { name, exact: true });
  const done = async (name: string) => await step(name).getByText('✓ done').waitFor();
  const choose = async (name: string, ...files: ReturnType<typeof file>[]) =>
    await step(name).locator('input[type=file]').setInputFiles(files);

  it('is a draft first, with a list of what is missing', async () => {
    await page.getByRole('link', { name: 'New competition' }).click();
    await page.getByLabel('Title').fill('Fashion, by night');
    expect(await page.getByLabel('Address').inputValue()).toBe('fashion-by-night');
    await page.getByRole('button', { name: 'Make the draft' }).click();
    await page.waitForURL(/\/competitions\/fashion-by-night\/setup$/);
    const missing = step('Publish').getByRole('listitem');
    await missing.filter({ hasText: 'Upload the answer key.' }).waitFor();
    expect(await missing.count()).toBe(3);
    expect(await page.getByRole('button', { name: 'Publish it' }).isDisabled()).toBe(true);
    const seen = await course().students[0]?.call('GET /competitions/fashion-by-night');
    expect(seen?.status).toBe(404);
  });

  it('gets its text, metric and data', async () => {
    const about = step('What it is about');
    await about.getByLabel('Description').fill('Tell **clothes** apart.');
    await about.getByText('How students see it').click();
    await about.locator('strong', { hasText: 'clothes' }).waitFor();
    await about.getByRole('button', { name: 'Save' }).click();
    await done('What it is about');

    const metric = step('The metric');
    await metric.getByLabel('Metrics').fill('top1, accuracy');
    await metric.getByText('“accuracy” is no metric').waitFor();
    await metric.getByLabel('Metrics').fill('top1, top5');
    await metric.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => await metric.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);

    await choose('Data', file('test.csv', 'id,x\na,1\nb,2\n'), file('sample_submission.csv', 'id,label\na,0\nb,0\n'));
    await done('Data');
    await choose('Data', file('wrong.csv', 'x\n'));
    await step('Data').getByRole('button', { name: 'Take away wrong.csv' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click();
    await step('Data').getByText('wrong.csv').waitFor({ state: 'hidden' });
    expect(await step('Data').getByRole('listitem').count()).toBe(2);
  });

  it('gets its answer key, which is checked at once', async () => {
    await choose('Answer key', file('solution.csv', 'id,label,Usage\na,0,Public\na,1,Private\n'));
    await step('Answer key').getByRole('alert').first().waitFor();
    await choose('Answer key', file('solution.csv', 'id,label,Usage\na,0,Public\nb,1,Private\n'));
    await step('Answer key').getByText('Checked: 2 rows in 2 classes').waitFor();
    await done('Answer key');
  });

  it('is published once nothing is missing, and then seen and scored', async () => {
    const dates = step('Dates, limits and rules');
    await dates.getByLabel('Due', { exact: true }).fill(inHours(7 * 24));
    await dates.getByLabel('Late until', { exact: true }).fill(inHours(6 * 24));
    const line = dates.getByRole('group', { name: 'The dates on a line' });
    await line.getByText('must be after the due time').waitFor();
    await line.getByRole('slider', { name: 'Late until, on the line' }).press('PageUp');
    await line.getByText('must be after the due time').waitFor({ state: 'hidden' });
    expect(await line.getByRole('slider', { name: 'Late until, on the line' }).getAttribute('aria-valuetext')).toMatch(
      /E[SD]T, next week$/,
    );
    expect(await brokenRules(page)).toEqual([]);

    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
    await page.getByRole('button', { name: 'Stay here' }).click();
    await dates.getByRole('button', { name: 'Review the changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await done('Dates, limits and rules');
    const baseline = step('Baselines and a trial');
    await baseline.getByLabel('Name on the leaderboard').fill('Always 0');
    await baseline.locator('input[type=file]').setInputFiles([file('zero.csv', 'id,label\na,0\nb,0\n')]);
    await baseline.getByText('The baseline is being scored').waitFor();

    await step('Publish').getByText('Nothing is missing.').waitFor();
    await page.getByRole('button', { name: 'Publish it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish it' }).click();
    await step('Published').waitFor();
    const seen = await course().students[0]?.call('GET /competitions/fashion-by-night');
    expect(seen?.body).toMatchObject({ title: 'Fashion, by night', metrics: ['top1', 'top5'] });
    expect(seen?.text).not.toContain('missing');
    await page.getByRole('link', { name: 'See the leaderboard' }).click();
    await page.getByText('Always 0').waitFor();
  });

  it('shows what scores are worth while that is written', async () => {
    await page.goto(`${system().url}/competitions/fashion-by-night/grades`);
    await page.getByRole('button', { name: 'Set the grade scheme' }).click();
    const drawn = page.getByRole('img', { name: /^Points by score/ });
    expect(await drawn.count()).toBe(0);
    for (const [i, score, points] of [
      [1, '0.4', '28'],
      [2, '0.7', '40'],
    ] as const) {
      await page.getByLabel(`Score, anchor ${i}`).fill(score);
      await page.getByLabel(`Points, anchor ${i}`).fill(points);
    }
    await page.getByRole('img', { name: 'Points by score: baseline at 0.4: 28, target at 0.7: 40' }).waitFor();
    await page.getByRole('button', { name: 'Save the scheme' }).click();
    await drawn.waitFor({ state: 'hidden' });
  });

  it('gets a second phase, with its own answer key and dates to set', async () => {
    await page.goto(`${system().url}/competitions/fashion-by-night/setup`);
    const phases = step('Phases');
    await phases.getByRole('button', { name: 'Add a phase' }).click();
    const opens = await phases.getByLabel('The phase opens').inputValue();
    expect(opens).not.toBe('');
    await phases.getByLabel('Title of the phase').fill('Round two');
    await phases.getByLabel('The phase is due').fill('2020-01-01T12:00');
    await phases.getByText('must be after the opening').waitFor();
    await phases.getByLabel('The phase is due').fill('');
    await phases.getByRole('button', { name: 'Add the phase' }).click();
    await page.waitForURL(/phase=round-two/);
    await phases.getByRole('link', { name: 'Round two' }).waitFor();
    await step('Answer key').getByText('to do').waitFor();
    expect(await step('Dates, limits and rules').getByLabel('Opens', { exact: true }).inputValue()).toBe(opens);
    expect(await brokenRules(page)).toEqual([]);
  });

  it('can be set up on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${system().url}/competitions/fashion-by-night/setup`);
    await step('Published').waitFor();
    expect(await overhang(page)).toBe(0);
  });
});
