import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { overhang } from './browser.ts';
import { createPrograms, hostileNotebook, scriptOf } from './programs.ts';
import { digits, predictions, signIn } from './steps.ts';
import { hasBrowser, useBrowser } from './suite.ts';

const programs = createPrograms();

describe.skipIf(!hasBrowser())('from code to the leaderboard', () => {
  const { demo, open, expectComplaint } = useBrowser(programs.executor);

  /** A page of a new student on the submit page, with a file chosen. */
  const choose = async (file: ReturnType<typeof scriptOf>) => {
    const page = await open();
    const student = await demo().addStudent();
    await signIn(page, demo().url, student, `${digits}/submit`);
    await page.locator('input[type=file]').setInputFiles(file);
    return { page, student };
  };
  const send = async (file: ReturnType<typeof scriptOf>) => {
    const chosen = await choose(file);
    await chosen.page.getByRole('button', { name: 'Submit', exact: true }).click();
    return chosen;
  };
  const log = (page: Page) => page.getByTestId('log');
  const inState = async (page: Page, state: string) =>
    await page.locator(`[data-testid=state][data-state=${state}]`).waitFor();

  it('a student sends a script, watches it run, and finds the score on the board', async () => {
    const { page } = await choose(scriptOf('train'));
    await page.getByText('The script can be sent').waitFor();
    const terms = page.getByRole('region', { name: 'How code is run' });
    expect(await terms.innerText()).toMatch(/2 min[^]*2.0 GiB[^]*docker run/);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();

    await log(page).getByText('Using cpu').waitFor();
    await page.locator('[data-stage=running][data-state=now]').waitFor();
    await page.getByTestId('elapsed').getByText('of 2:00').waitFor();
    await page
      .getByRole('img', { name: /^Memory over [\d.]+ s: now 5\d\d MiB, at most 5\d\d MiB of 2.0 GiB$/ })
      .waitFor();
    // The bar was drawn eleven times, and is one line.
    expect((await log(page).innerText()).trimEnd().split('\n')).toEqual(['Using cpu', 'epoch 1: 100%|██████████|']);

    programs.finish('train');
    await inState(page, 'scored');
    await page.getByRole('region', { name: 'Public scores' }).getByText('0.9673').waitFor();
    await log(page).getByText('wrote predictions.csv').waitFor();
    await page.locator('[data-stage=done][data-state=passed]').waitFor();
    await page.getByText('Peak memory').waitFor();
    await page.getByTestId('rank-change').waitFor();
    await page.getByText('How it was run').click();
    await page.getByRole('button', { name: /^sha256 1{12}…$/ }).waitFor();
    expect(await page.getByText('worker-').count()).toBe(0);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Predictions/ }).click();
    expect((await download).suggestedFilename()).toMatch(/^submission-\d+-run-1-predictions.csv$/);
    await page.getByRole('link', { name: 'See the leaderboard' }).click();
    expect(await page.locator('tr[data-mine]').innerText()).toContain('0.9673');
  });

  it('a run is stopped at any moment, after a question, and not charged', async () => {
    const { page } = await send(scriptOf('endless'));
    await log(page).getByText('for ever').waitFor();
    // A hidden tab lets go of its stream; the new one tells all again.
    await setVisibility(page, 'hidden');
    const opened = page.waitForRequest(/\/runs\/events$/);
    await setVisibility(page, 'visible');
    await opened;
    await page.getByText('19 of 20 left today').waitFor();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    const question = page.getByRole('dialog');
    await question.getByRole('button', { name: 'Let it run' }).click();
    await question.waitFor({ state: 'hidden' });
    await page.locator('[data-stage=running][data-state=now]').waitFor();
    expect((await log(page).innerText()).trim()).toBe('for ever');
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await question.getByRole('button', { name: 'Stop it' }).click();
    await inState(page, 'cancelled');
    await page.getByText('20 of 20 left today').waitFor();
    await page.locator('[data-stage=running][data-state=stopped]').waitFor();
  });

  it('a program that fails says how in a sentence', async () => {
    const { page } = await send(scriptOf('fails'));
    await inState(page, 'rejected');
    await page
      .getByRole('alert')
      .getByText('Exit code 1: ValueError: hidden must be positive (main.py, line 12).')
      .waitFor();
    await page.locator('[data-stage=running][data-state=stopped]').waitFor();
    await log(page).getByText('Net(hidden=0)').waitFor();
  });

  it('what a program prints is text, whatever it says', async () => {
    const { page } = await choose(scriptOf('hostile'));
    const dialogs = listenForDialogs(page);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await log(page).getByText('<script>alert(1)</script><img src=x onerror=alert(2)>').waitFor();
    const shown = await log(page).innerText();
    expect(shown).toContain('\nred and plain\n');
    expect(shown).toContain('\n</pre></div><svg onload=alert(3)>\n');
    expect(shown).toContain('user⟨U+202E⟩gnp.exe');
    programs.finish('hostile');
    await inState(page, 'rejected');
    await page.reload();
    await page.getByRole('link', { name: 'My submissions' }).click();
    await page.getByRole('link', { name: 'main.py', exact: true }).click();
    await log(page).getByText('<script>alert(1)</script>').waitFor();
    expect(await log(page).locator('*:not(pre)').count()).toBe(0);
    expect(dialogs).toEqual([]);
  });

  it('an executed notebook shows what went wrong, and runs nothing', async () => {
    const buffer = Buffer.from(JSON.stringify(hostileNotebook));
    const { page } = await choose({ name: 'train.ipynb', mimeType: 'application/json', buffer });
    const dialogs = listenForDialogs(page);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(demo().url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    await page.getByText('The notebook can be sent').waitFor();
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await inState(page, 'rejected');
    await page.getByRole('link', { name: 'See the executed notebook' }).click();
    await page.getByText('It went wrong in cell 2').waitFor();
    await page.getByRole('link', { name: 'Go to the cell' }).click();
    const failed = page.locator('[data-failed]');
    expect(await failed.innerText()).toContain("NameError: name 'modle' is not defined<script>alert(9)</script>");
    const text = await page.locator('main').innerText();
    expect(text).toContain('a table');
    expect(text).toContain('100%|##########|');
    expect(text).not.toContain(' 10%|#');
    for (const what of ['application/javascript', 'image/svg+xml', 'a damaged picture'])
      expect(text).toContain(`Not shown here: ${what.includes('/') ? `output of type ${what}` : what}`);
    expect(
      await page.locator('main :is(script, iframe, object, svg, [onload], [onerror], [href^=javascript])').count(),
    ).toBe(0);
    expect(await page.locator('main img').count()).toBe(1);
    expect(await page.locator('main img').evaluate((image) => Reflect.get(image, 'naturalWidth'))).toBe(1);
    expect([dialogs, elsewhere]).toEqual([[], []]);
  });

  it('ten thousand lines a second neither freeze the page nor move what is being read', async () => {
    const { page } = await send(scriptOf('flood'));
    await log(page).getByText('step 3').first().waitFor();
    await page.getByText(/The first [\d,]+ lines are not shown here/).waitFor();
    expect(await log(page).locator('pre').count()).toBeLessThanOrEqual(21);
    // Nobody has scrolled: it is at its end.
    expect(await log(page).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)).toBeLessThan(24);

    await log(page).evaluate((box) => box.scrollTo(0, 300));
    const jump = page.getByRole('button', { name: /new lines/ });
    await jump.waitFor();
    const held = await log(page).innerText();
    const asked = performance.now();
    for (let count = 0; count < 20; count += 1) await page.evaluate('new Promise(requestAnimationFrame)');
    expect(performance.now() - asked, 'twenty frames').toBeLessThan(10_000);
    expect(await log(page).innerText()).toBe(held);
    await jump.click();
    await jump.waitFor({ state: 'hidden' });
    expect(await log(page).innerText()).not.toBe(held);
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
    await inState(page, 'cancelled');
  });

  it('code that can’t be run is refused before it is sent, an archive by the server', async () => {
    const { page } = await choose({ name: 'main.py', mimeType: 'text/x-python', buffer: Buffer.from([0x23, 0xe9]) });
    await page.getByRole('alert').getByText('Line 1 is not UTF-8').waitFor();
    const empty = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'a.zip', mimeType: 'application/zip', buffer: empty });
    await page.getByRole('alert').getByText('no main.py').waitFor();
    expect(await page.getByRole('button', { name: 'Submit', exact: true }).count()).toBe(0);
  });

  it('predictions beside the code are scored at once, and staff verify them by a run', async () => {
    const { page, student } = await choose(scriptOf('train'));
    await page.getByText('The script can be sent').waitFor();
    await page.locator('input[type=file]').nth(1).setInputFiles(predictions('random_forest.csv'));
    await page.getByText('The file is in order: 797 rows').waitFor();
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await inState(page, 'scored');
    expect(await page.locator('[data-stage]').count()).toBe(0);

    const staff = await open();
    await signIn(staff, demo().url, demo().logins.instructor, `${digits}/submissions`);
    const line = staff.getByRole('listitem').filter({ hasText: student.name });
    await line.getByRole('link', { name: 'main.py', exact: true }).click();
    programs.finish('train');
    await staff.getByRole('button', { name: 'Run it to verify' }).click();
    await staff.getByText(/^Verified: the code scores 0.9673/).waitFor();
    await staff.getByText('How it was run').click();
    await staff.getByText(/^worker-\d$/).waitFor();
    await staff.getByRole('button', { name: 'Run it to verify' }).click();
    await staff.getByText('Earlier runs').click();
    await staff.getByText('(to verify)').waitFor();
  });

  it('a run can be followed on a phone, and without streams', async () => {
    expectComplaint(/net::ERR_FAILED/);
    const page = await open({ viewport: { width: 360, height: 740 } });
    await page.route(/\/events/, (route) => route.abort());
    await signIn(page, demo().url, await demo().addStudent(), `${digits}/submit`);
    await page.locator('input[type=file]').setInputFiles(scriptOf('fails'));
    await page.getByText('The script can be sent').waitFor();
    expect(await overhang(page)).toBe(0);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await log(page).getByText('Net(hidden=0)').waitFor();
    expect(await overhang(page)).toBe(0);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'How code is run' }).waitFor();
    expect(await overhang(page)).toBe(0);
  });
});

async function setVisibility(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
     document.dispatchEvent(new Event('visibilitychange'));`,
  );
}

function listenForDialogs(page: Page): string[] {
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  return dialogs;
}
