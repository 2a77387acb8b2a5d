import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { overhang } from './browser.ts';
import { digits, signIn } from './steps.ts';
import { hasBrowser, useBrowser } from './suite.ts';

/** A black picture of one pixel. */
const onePixel = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  ),
);

describe.skipIf(!hasBrowser())('every page', () => {
  const { demo, open, expectComplaint } = useBrowser();

  it('a session that ended asks to sign in again, and comes back to the page', async () => {
    expectComplaint(/401/);
    const student = await demo().addStudent();
    const page = await open();
    await signIn(page, demo().url, student);
    await page
      .getByRole('region', { name: 'What is due' })
      .getByRole('link', { name: 'Handwritten digits', exact: true })
      .click();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'My submissions' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail address').fill(student.email);
    await page.getByLabel('Password', { exact: true }).fill(student.password);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing submitted yet').waitFor();
    expect(new URL(page.url()).pathname).toBe(`${digits}/submissions`);
  });

  it('what people write cannot run', async () => {
    const page = await open();
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await signIn(page, demo().url, await demo().addStudent());
    const hostile =
      '# Hello\n<script>alert(1)</script><img src=x onerror=alert(2)>\n\n[link](javascript:alert(3)) **bold** <b onclick=alert(4)>raw</b>';
    const { body } = await demo().instructor.call('GET /competitions/digits');
    const before = typeof body === 'object' && body !== null && 'description' in body ? body.description : '';
    await demo().instructor.json('PATCH /competitions/digits', { description: hostile });
    try {
      await page.goto(`${demo().url}${digits}`);
      await page.getByRole('heading', { name: 'Hello' }).waitFor();
      expect(dialogs).toEqual([]);
      expect(await page.locator('main strong').innerText()).toBe('bold');
      expect(await page.locator('main :is(script, img, [onclick], [href^=javascript])').count()).toBe(0);
    } finally {
      await demo().instructor.json('PATCH /competitions/digits', { description: before });
    }
  });

  it('a description has formulas and pictures, and neither can do harm', async () => {
    const page = await open({ viewport: { width: 390, height: 844 } });
    await signIn(page, demo().url, await demo().addStudent());
    const wide = `$$${'x_{1} + '.repeat(40)} y$$`;
    const hostile = String.raw`$\href{javascript:alert(1)}{x}$ $\includegraphics{https://evil.example/a.png}$ $\def\a{\a\a}\a$ $\unknown{$`;
    const description = `Score: $\\frac{1}{n}\\sum_i s_i$\n\n$$E = mc^2$$\n\n${wide}\n\n![a dot](dot.png)\n\n${hostile}`;
    const { body } = await demo().instructor.call('GET /competitions/digits');
    const before = typeof body === 'object' && body !== null && 'description' in body ? body.description : '';
    await demo().instructor.upload('POST /competitions/digits/files', onePixel, 'dot.png');
    await demo().instructor.json('PATCH /competitions/digits', { description });
    try {
      await page.goto(`${demo().url}${digits}`);
      await page.locator('main math mfrac').waitFor();
      await expect.poll(async () => await page.locator('main math').count()).toBeGreaterThanOrEqual(3);
      expect(await page.locator('main math[display=block]').count()).toBe(2);
      const drawn = `document.querySelector('main img[alt="a dot"]').naturalWidth`;
      await expect.poll(async () => Number(await page.evaluate(drawn))).toBe(1);
      expect(await page.locator('main :is(script, [href^=javascript], [src*="evil"])').count()).toBe(0);
      expect(await overhang(page)).toBe(0);
    } finally {
      await demo().instructor.json('PATCH /competitions/digits', { description: before });
      await demo().instructor.call('DELETE /competitions/digits/files/dot.png');
    }
  });

  it('nothing scrolls sideways on a phone', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    await signIn(page, demo().url, demo().logins.student);
    const paths = [
      '/',
      digits,
      `${digits}/data`,
      `${digits}/leaderboard`,
      `${digits}/submit`,
      `${digits}/submissions`,
      '/tokens',
      '/nowhere',
    ];
    for (const path of paths) {
      await page.goto(`${demo().url}${path}`);
      await page.locator('main :is(h1, h2)').first().waitFor();
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
      expect(await overhang(page), path).toBe(0);
    }
  });

  it('all can be done by keyboard: the skip link first, then signing in and out', async () => {
    const student = await demo().addStudent();
    const page = await open();
    await page.goto(`${demo().url}/tokens`);
    await page.getByLabel('E-mail address').waitFor();
    // The form has the focus already.
    await page.keyboard.type(student.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(student.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'API tokens' }).waitFor();

    await page.reload();
    await page.getByRole('heading', { name: 'API tokens' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.locator('main :focus').count()).toBe(1);

    await page.locator('header [popovertarget]').focus();
    await page.keyboard.press('Enter');
    const leave = page.getByRole('button', { name: 'Sign out' });
    await leave.waitFor();
    // Two links, the chosen appearance, the button.
    for (const key of ['Tab', 'Tab', 'Tab', 'Tab']) await page.keyboard.press(key);
    expect(await page.locator(':focus').innerText()).toBe('Sign out');
    await page.keyboard.press('Escape');
    await leave.waitFor({ state: 'hidden' });
    expect(await page.locator('header [popovertarget]:focus').count()).toBe(1);
    await page.keyboard.press('Enter');
    await leave.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${demo().url}/tokens`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('a token is shown once, works, and is refused once it is revoked', async () => {
    const page = await open();
    await signIn(page, demo().url, await demo().addStudent(), '/tokens');
    await page.getByLabel('Name').fill('laptop');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const token = await page.locator('code', { hasText: /^topk_/ }).innerText();
    const me = () => fetch(`${demo().url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await me()).status).toBe(200);
    expect(await page.locator('pre').innerText()).toContain(`export KAGGLE_API_TOKEN=${token}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download kaggle.json' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('kaggle.json');
    expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toMatchObject({ key: token });
    await page.reload();
    await page.getByText('laptop').waitFor();
    expect(await page.locator('main').innerText()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('No tokens').waitFor();
    expect((await me()).status).toBe(401);
  });
});
