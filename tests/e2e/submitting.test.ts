import { describe, expect, it } from 'vitest';
import { startLossyProxy } from './lossy-proxy.ts';
import { chooseAndSend, digits, predictions, signIn, submitFile } from './steps.ts';
import { hasBrowser, useBrowser } from './suite.ts';

describe.skipIf(!hasBrowser())('from a file to the leaderboard', () => {
  const { demo, open, expectComplaint } = useBrowser();

  it('a student submits a file, watches it being scored, and finds the rank on the board', async () => {
    const page = await open();
    await signIn(page, demo().url, demo().logins.student, `${digits}/submit`);
    await page.getByText('20 of 20 left today').waitFor();
    await page.locator('input[type=file]').setInputFiles(predictions('random_forest.csv'));
    await page.getByText('The file is in order: 797 rows').waitFor();
    await page.getByLabel('Note to yourself').fill('200 trees');
    await page.getByRole('button', { name: 'Submit', exact: true }).click();

    await page.locator('[data-testid=state][data-state=scored]').waitFor();
    expect(await page.locator('main').innerText()).toContain('0.9673');
    // The same score as two teams that were earlier: the third rank.
    await page.getByTestId('rank-change').getByText('3', { exact: true }).waitFor();
    await page.getByText('19 of 20 left today').waitFor();

    await page.getByRole('link', { name: 'See the leaderboard' }).click();
    const mine = page.locator('tr[data-mine]');
    await mine.waitFor();
    expect(await mine.locator('td').first().innerText()).toBe('3');
    expect(await mine.innerText()).toContain('0.9673');
    expect(await page.title()).toBe('Leaderboard · Handwritten digits · Topk');
  });

  it('a board in another browser moves by itself, with names for staff and pseudonyms for classmates', async () => {
    const [rising, classmate] = [await demo().addStudent(), await demo().addStudent()];
    const staffBoard = await open();
    await signIn(staffBoard, demo().url, demo().logins.instructor, `${digits}/leaderboard`);
    const classmateBoard = await open();
    await signIn(classmateBoard, demo().url, classmate, `${digits}/leaderboard`);
    for (const board of [staffBoard, classmateBoard]) await board.locator('[data-liveness=live]').waitFor();
    const teams = await classmateBoard.locator('tbody tr').count();

    const page = await open();
    await signIn(page, demo().url, rising, `${digits}/submit`);
    await submitFile(page, 'decision_tree_depth4.csv');
    await staffBoard.locator('tr[data-moved]').filter({ hasText: rising.name }).waitFor();
    await classmateBoard.locator('tbody tr').nth(teams).waitFor();
    expect(await classmateBoard.locator('main').innerText()).not.toContain(rising.name);

    const ownBoard = await open();
    await signIn(ownBoard, demo().url, rising, `${digits}/leaderboard`);
    await ownBoard.locator('tr[data-mine]').waitFor();
    await page.getByRole('button', { name: 'Submit another' }).click();
    await submitFile(page, 'logistic_regression.csv');
    await ownBoard.getByTestId('my-move').getByText('→').waitFor();
    await page.getByTestId('rank-change').getByText('→').waitFor();
    await staffBoard.locator('tr[data-moved]').filter({ hasText: rising.name }).filter({ hasText: '▲' }).waitFor();
  });

  it('the competition’s page has the lines for Python, and a starter to download or to open in Colab', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await signIn(page, demo().url, demo().logins.student, digits);
    const panel = page.getByRole('region', { name: 'From Python' });
    await panel.getByRole('button', { name: 'Copy the Python lines' }).click();
    await panel.getByText('Copied').waitFor();
    const lines = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(lines).toContain(`urllib.request.urlretrieve("${demo().url}/client/topk.py", "topk.py")`);
    expect(lines).toContain('topk.submit("digits", "predictions.csv", note="first try")');
    const download = page.waitForEvent('download');
    await panel.getByRole('link', { name: 'Download starter' }).click();
    expect((await download).suggestedFilename()).toBe('digits-starter.ipynb');
    const colab = panel.getByRole('link', { name: 'Open in Colab' });
    expect(await colab.getAttribute('href')).toBe('https://colab.research.google.com/');
  });

  it('a wrong file is refused with its lines before a byte is sent', async () => {
    const page = await open();
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
    });
    await signIn(page, demo().url, await demo().addStudent(), `${digits}/submit`);
    const buffer = Buffer.from('id,label_1\ndigit_0949,12\ndigit_9999,3\n"digit\n_1",3\n');
    await page.locator('input[type=file]').setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer });
    const report = page.getByRole('alert');
    await report.waitFor();
    const text = await report.innerText();
    for (const place of ['line 2, label_1', 'line 3, id', 'line 4, id']) expect(text).toContain(place);
    expect(text).toContain('Take the ids from the sample submission');
    expect(await page.getByRole('button', { name: 'Submit', exact: true }).count()).toBe(0);
    expect(sent).toEqual(['/api/v1/session']);
  });

  it('an upload whose answer is lost is sent again, and counted once', async () => {
    expectComplaint(/net::ERR_EMPTY_RESPONSE/);
    const page = await open();
    const proxy = await startLossyProxy(
      demo().url,
      ({ method, url }) => method === 'POST' && url.includes('/submissions'),
    );
    try {
      await signIn(page, proxy.url, await demo().addStudent(), `${digits}/submit`);
      await submitFile(page, 'random_forest.csv');
      expect(proxy.lost()).toBe(1);
      await page.getByText('19 of 20 left today').waitFor();
      await page.goto(`${proxy.url}${digits}/submissions`);
      await page.getByRole('listitem').first().waitFor();
      expect(await page.getByRole('listitem').count()).toBe(1);
    } finally {
      await proxy.stop();
    }
  });

  it('an upload goes on by itself when the connection is back, with the file that was chosen', async () => {
    expectComplaint(/net::ERR_INTERNET_DISCONNECTED/);
    const page = await open({ viewport: { width: 390, height: 844 } });
    await signIn(page, demo().url, await demo().addStudent(), `${digits}/submit`);
    await page.locator('input[type=file]').setInputFiles(predictions('random_forest.csv'));
    await page.getByText('The file is in order').waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByText('The connection is lost').waitFor();
    // It can still be called off, and sent again later.
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The file is in order').waitFor();
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByText('The connection is lost').waitFor();
    await page.context().setOffline(false);
    await page.locator('[data-testid=state][data-state=scored]').waitFor();
    await page.getByText('19 of 20 left today').waitFor();
  });

  it('without streams, pages ask instead', async () => {
    expectComplaint(/net::ERR_FAILED/);
    const page = await open();
    await page.route(/\/events/, (route) => route.abort());
    const student = await demo().addStudent();
    await signIn(page, demo().url, student, `${digits}/leaderboard`);
    await page.locator('[data-liveness=down]').waitFor();
    const sender = await open();
    await sender.route(/\/events/, (route) => route.abort());
    await signIn(sender, demo().url, student, `${digits}/submit`);
    await submitFile(sender, 'random_forest.csv');
    await page.locator('tr[data-mine]').waitFor();
  });

  it('a refusal is told in the server’s words, with the next slot', async () => {
    expectComplaint(/429/);
    const student = await demo().addStudent();
    const page = await open();
    await signIn(page, demo().url, student, `${digits}/submit`);
    await demo().instructor.json('PATCH /competitions/digits', { dailyLimit: 1 });
    try {
      await submitFile(page, 'random_forest.csv');
      await page.getByText('0 of 1 left today').waitFor();
      await page.getByRole('button', { name: 'Submit another' }).click();
      await page.locator('input[type=file]').setInputFiles(predictions('random_forest.csv'));
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      const refusal = page.getByRole('alert');
      await refusal.waitFor();
      expect(await refusal.innerText()).toMatch(/The limit of submissions is reached[^]*Next possible: .*00:00 E[SD]T/);
    } finally {
      await demo().instructor.json('PATCH /competitions/digits', { dailyLimit: 20 });
    }
  });

  it('a waiting submission tells its place, and can be taken back uncharged', async () => {
    const page = await open();
    await signIn(page, demo().url, await demo().addStudent(), `${digits}/submit`);
    await demo().stopWorker();
    try {
      await chooseAndSend(page, 'random_forest.csv');
      await page.getByText('next in the queue').waitFor();
      await page.getByText('19 of 20 left today').waitFor();
      await page.getByRole('button', { name: 'Take it back' }).click();
      await page.locator('[data-testid=state][data-state=cancelled]').waitFor();
      await page.getByText('20 of 20 left today').waitFor();
    } finally {
      await demo().startWorker();
    }
  });

  it('staff score a submission again, and students cannot', async () => {
    const student = await demo().addStudent();
    const page = await open();
    await signIn(page, demo().url, student, `${digits}/submit`);
    await submitFile(page, 'random_forest.csv');
    expect(await page.getByRole('button', { name: 'Score again' }).count()).toBe(0);

    const staff = await open();
    await signIn(staff, demo().url, demo().logins.instructor, `${digits}/submissions`);
    const line = staff.getByRole('listitem').filter({ hasText: student.name });
    await line.getByRole('link', { name: 'random_forest.csv' }).click();
    await staff.getByRole('region', { name: 'Private scores' }).waitFor();
    await demo().stopWorker();
    await staff.getByRole('button', { name: 'Score again' }).click();
    await staff.locator('[data-testid=state][data-state=queued]').waitFor();
    await demo().startWorker();
    await staff.locator('[data-testid=state][data-state=scored]').waitFor();
  });
});
