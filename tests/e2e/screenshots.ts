import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../../dev/chromium.ts';
import { listenForComplaints, openPage, overhang, startBrowser } from './browser.ts';
import { takeReadmePictures } from './readme-pictures.ts';
import { predictions, signIn } from './steps.ts';

/** Pictures of most pages, for student, TA and instructor, light and dark, desktop and phone, from a Topk that runs (`npm start`); and the README’s four. */

const Demo = z.object({
  baseUrl: z.string(),
  logins: z.record(z.string(), z.object({ email: z.string(), password: z.string() })),
});

const widths = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } } as const;
const starter = join(import.meta.dirname, '../../prisma/demo/digits-train/starter.py');
const schemes = ['light', 'dark'] as const;

const roles = ['student', 'ta', 'instructor'] as const;
type Role = (typeof roles)[number];

/** Every address that the demo has something at, and who goes there; nobody named: all do. */
const pages: readonly { readonly path: string; readonly by?: readonly Role[] }[] = [
  { path: '/' },
  { path: '/competitions/digits' },
  { path: '/competitions/digits/data' },
  { path: '/competitions/digits/leaderboard' },
  { path: '/competitions/digits/leaderboard?board=private', by: ['ta'] },
  { path: '/competitions/digits/submit' },
  { path: '/competitions/digits/submissions' },
  { path: '/competitions/digits/team', by: ['student'] },
  { path: '/competitions/digits/my-grade', by: ['student'] },
  ...['grades', 'grading', 'extensions', 'teams', 'scoring', 'insights'].map((page) => ({
    path: `/competitions/digits/${page}`,
    by: ['ta', 'instructor'] as const,
  })),
  ...['settings', 'setup'].map((page) => ({ path: `/competitions/digits/${page}`, by: ['instructor'] as const })),
  { path: '/courses/ds542' },
  ...['queue', 'people', 'time', 'audit'].map((page) => ({
    path: `/courses/ds542/${page}`,
    by: ['ta', 'instructor'] as const,
  })),
  ...['hooks', 'folder', 'new-competition'].map((page) => ({
    path: `/courses/ds542/${page}`,
    by: ['instructor'] as const,
  })),
  { path: '/tokens' },
  { path: '/no-such-page' },
];

async function main(): Promise<void> {
  const dataDir = process.env['TOPK_DATA_DIR'] ?? '.topk';
  const demo = Demo.parse(JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')));
  const chromium = findChromium(console.log);
  const out = join(import.meta.dirname, '../../.topk/screenshots');
  await mkdir(out, { recursive: true });
  const browser = await startBrowser(chromium);
  try {
    await takeReadmePictures(browser, demo, join(import.meta.dirname, '../../docs/pictures'));
    for (const role of roles)
      for (const [device, viewport] of Object.entries(widths))
        for (const colorScheme of schemes) await takeAll({ browser, demo, out, role, device, viewport, colorScheme });
  } finally {
    await browser.close();
  }
}

interface Look {
  readonly browser: Browser;
  readonly demo: z.infer<typeof Demo>;
  readonly out: string;
  readonly role: Role;
  readonly device: string;
  readonly viewport: { width: number; height: number };
  readonly colorScheme: (typeof schemes)[number];
}

async function takeAll({ browser, demo, out, role, device, viewport, colorScheme }: Look): Promise<void> {
  const complaints = listenForComplaints();
  const page = await openPage(browser, complaints, { viewport, colorScheme });
  const login = demo.logins[role];
  if (login === undefined) throw new Error(`demo.json has no login for ${role}`);
  const take = async (name: string) => {
    await page.screenshot({
      path: join(out, `${role}-${device}-${colorScheme}-${name}.png`),
      fullPage: true,
      animations: 'disabled',
    });
    const pixels = await overhang(page);
    if (pixels > 0) console.log(`${role} ${device} ${name}: ${pixels} pixels too wide`);
  };
  await page.goto(demo.baseUrl);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await take('sign-in');
  await signIn(page, demo.baseUrl, login);
  for (const { path, by = roles } of pages) {
    if (!by.includes(role)) continue;
    await page.goto(`${demo.baseUrl}${path}`);
    await settled(page);
    await take(path === '/' ? 'home' : path.slice(1).replaceAll(/[^a-z0-9]+/g, '-'));
  }
  await takeSubmitting(page, demo.baseUrl, take);
  await takeCode(page, demo.baseUrl, take);
  for (const complaint of complaints.list) console.log(`${role} ${device} ${colorScheme}: ${complaint}`);
  await page.context().close();
}

async function takeSubmitting(page: Page, baseUrl: string, take: (name: string) => Promise<void>): Promise<void> {
  await page.goto(`${baseUrl}/competitions/digits/submit`);
  const input = page.locator('input[type=file]');
  await input.setInputFiles({
    name: 'wrong.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('id,label_1\ndigit_0949,12\ndigit_9999,3\ndigit_0949,\n'),
  });
  await page.getByText('would be rejected').waitFor();
  await take('submit-wrong');
  await input.setInputFiles(predictions('logistic_regression.csv'));
  await page.getByText('in order').waitFor();
  await take('submit-checked');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByTestId('state').and(page.locator('[data-state=scored]')).waitFor();
  await page.waitForTimeout(800);
  await take('submit-scored');
  await page.goto(`${baseUrl}/competitions/digits/submissions`);
  await settled(page);
  await take('submissions-some');
  await page.goto(`${baseUrl}/competitions/digits/leaderboard`);
  await settled(page);
  await take('leaderboard-mine');
  await page.locator('header [popovertarget]').click();
  await page.getByText('As the system').waitFor();
  await page.waitForTimeout(300);
  await take('menu');
}

const CodeCompetitions = z.object({
  competitions: z.array(z.object({ slug: z.string(), phases: z.array(z.object({ accepts: z.array(z.string()) })) })),
});
const Submissions = z.object({
  submissions: z.array(
    z.object({
      id: z.number(),
      kind: z.string(),
      state: z.string(),
      run: z.object({ attempt: z.number(), notebook: z.unknown().optional() }).optional(),
    }),
  ),
});

/** Of the first competition that takes code: a script on its way, and one submission in each state that there is. */
async function takeCode(page: Page, baseUrl: string, take: (name: string) => Promise<void>): Promise<void> {
  const read = async (path: string): Promise<unknown> =>
    await (await page.request.get(`${baseUrl}/api/v1${path}`)).json();
  const { competitions } = CodeCompetitions.parse(await read('/competitions'));
  const competition = competitions.find(({ phases }) => phases.some(({ accepts }) => accepts.includes('code')));
  if (competition === undefined) return;
  const place = `/competitions/${competition.slug}`;
  for (const [name, path] of Object.entries({
    overview: place,
    list: `${place}/submissions`,
    submit: `${place}/submit`,
  })) {
    await page.goto(`${baseUrl}${path}`);
    await settled(page);
    await take(`code-${name}`);
  }
  await page.locator('input[type=file]').setInputFiles(starter);
  await page.getByText('The script can be sent').waitFor();
  await take('code-checked');
  const { submissions } = Submissions.parse(await read(`${place}/submissions`));
  const code = submissions.filter(({ kind }) => kind !== 'predictions');
  for (const { id, state } of new Map(code.map((submission) => [submission.state, submission])).values()) {
    await page.goto(`${baseUrl}${place}/submissions/${id}`);
    await page.getByRole('list', { name: 'Stages' }).waitFor();
    await settled(page);
    await take(`code-${state}`);
  }
  const executed = code.find(({ run }) => run?.notebook !== undefined);
  if (executed?.run === undefined) return;
  await page.goto(`${baseUrl}${place}/submissions/${executed.id}/notebook/${executed.run.attempt}`);
  await page.getByRole('heading', { name: 'Executed notebook' }).waitFor();
  await settled(page);
  await take('code-notebook');
}

/** No request under way and no skeleton left; streams stay open, so `networkidle` never comes. */
async function settled(page: Page): Promise<void> {
  await page.locator('main :is(h1, h2, section)').first().waitFor();
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(150);
}

await main();
