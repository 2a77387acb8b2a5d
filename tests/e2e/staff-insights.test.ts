import { beforeAll, describe, expect, it } from 'vitest';
import { digitsFile, makeCompetition } from '../support/competitions.ts';
import { overhang } from './browser.ts';
import { useStaff } from './staff.ts';
import { hasBrowser } from './suite.ts';

describe.skipIf(!hasBrowser())('the insights of a phase', () => {
  const { course, open } = useStaff(4);
  let slug: string;
  beforeAll(async () => {
    slug = await makeCompetition(course(), {
      key: await digitsFile('solution.csv'),
      settings: { metrics: ['top1', 'top5'] },
    });
    const models = ['decision_tree_depth4', 'logistic_regression', 'random_forest'];
    for (const [index, model] of models.entries()) {
      const student = course().students[index];
      const sent = await student?.submit(slug, await digitsFile(`submissions/${model}.csv`));
      await student?.finished(sent?.id ?? 0);
    }
  });

  it('are drawn, and told as tables and by arrow keys', async () => {
    const page = await open(`/competitions/${slug}/insights`);
    await page.getByRole('heading', { name: 'Submissions per hour' }).waitFor();
    const plot = page.getByRole('group', { name: /^Public against private/ });
    await plot.focus();
    await page.keyboard.press('Home');
    await page.getByText(/: public 0\.\d+, private 0\.\d+/).waitFor();
    const figure = page.getByRole('figure', { name: 'Public against private' });
    await figure.getByText('As a table').click();
    expect(await figure.getByRole('row').count()).toBe(4);
    await page.getByText('1 of 4 students').waitFor();
    const missing = course().students[3];
    await page.getByRole('link', { name: missing?.name ?? '' }).waitFor();

    await page.getByRole('button', { name: 'Read the submissions that count' }).click();
    const hardest = page.getByRole('region', { name: 'Hardest rows, as a table' });
    await hardest.getByText('0 of 3').first().waitFor();
    await page.getByRole('heading', { name: 'Labels that are confused' }).waitFor();
    await page.getByText('None of 3 pairs').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overhang(page)).toBe(0);
  });

  it('say that nothing has come where nothing has', async () => {
    const empty = await makeCompetition(course());
    const page = await open(`/competitions/${empty}/insights`, { viewport: { width: 390, height: 844 } });
    await page.getByText('Nothing has been submitted yet').waitFor();
    await page.getByText('4 of 4 students').waitFor();
    expect(await overhang(page)).toBe(0);
  });
});
