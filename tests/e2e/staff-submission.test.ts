import { describe, expect, it } from 'vitest';
import { makeCompetition } from '../support/competitions.ts';
import { registerImage } from '../support/simulated-runs.ts';
import { makeZip } from '../support/zip.ts';
import { overhang } from './browser.ts';
import { useStaff } from './staff.ts';
import { hasBrowser } from './suite.ts';

const hostile = 'import torch\n\n\ndef main():\n    return "</pre><img src=x onerror=alert(1)>"  # a comment\n';

describe.skipIf(!hasBrowser())('a submission as staff see it', () => {
  const { system, course, open } = useStaff(1);

  it('shows its code file by file, coloured, and nothing of it as HTML', async () => {
    await registerImage(system().db, 'python', 'sha256:python');
    const slug = await makeCompetition(course(), { settings: { accepts: ['code'] } });
    const zip = makeZip([
      { name: 'main.py', content: 'print("hello")\n' },
      { name: 'lib/model.py', content: hostile },
      { name: 'data.bin', content: new Uint8Array([0, 1, 2]) },
    ]);
    const sent = await course().students[0]?.submit(slug, zip, 'work.zip');
    const page = await open(`/competitions/${slug}/submissions/${sent?.id}`);
    const code = page.getByRole('region', { name: 'Code' });
    await code.getByText('"hello"').waitFor();
    await code.getByRole('button', { name: 'lib/model.py' }).click();
    await code.locator('[data-kind=keyword]', { hasText: 'import' }).waitFor();
    expect(await code.locator('[data-kind=comment]').innerText()).toBe('# a comment');
    expect(await code.locator('pre').innerText()).toContain('</pre><img src=x');
    expect(await code.locator('img').count()).toBe(0);
    await code.getByRole('button', { name: 'data.bin' }).click();
    await code.getByText('data.bin is no text').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overhang(page)).toBe(0);
  });

  it('shows which rows it got wrong, and what it took them for', async () => {
    const slug = await makeCompetition(course());
    const sent = await course().students[0]?.submit(slug, 'id,label\na,0\nb,3\nc,2\nd,1\n');
    await course().students[0]?.finished(sent?.id ?? 0);
    const page = await open(`/competitions/${slug}/submissions/${sent?.id}`);
    await page.getByRole('button', { name: 'Show the rows' }).click();
    await page.getByText('2 rows right, 2 wrong by top1').waitFor();
    const row = page.getByRole('row', { name: /^b/ });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(['1', '3\n(wrong)', 'not in the list', 'public']);
    await page.getByLabel('Rows', { exact: true }).selectOption('hits');
    await page.getByRole('row', { name: /^c/ }).waitFor();
    await page.getByLabel('Board', { exact: true }).selectOption('public');
    await page.getByRole('row', { name: /^c/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^a/ }).waitFor();
  });
});
