import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { digitsFile } from '../support/competitions.ts';
import { median, percentile, type Report } from './report.ts';
import { readRunTimes, runCodeLike, send, startRunWorker, untilEnded, type RunSite } from './runs-site.ts';
import { createVariants } from './variants.ts';

const perSecond = 10_000;
const seconds = 20;
const lines = perSecond * seconds;
/** How long the page is watched before, with nothing running. */
const idleSeconds = 8;
const logKiB = 1024;

/** Lines of 48 bytes, evenly; each tells when it was printed. */
const flood = (predictions: string) => `
import sys, time
begun = time.monotonic()
for line in range(${lines}):
    sys.stdout.write(f"epoch 1 step {line:07d} {time.time():.3f} loss 0.4321\\n")
    if line % 100 == 0:
        time.sleep(max(0, begun + line / ${perSecond} - time.monotonic()))
took = time.monotonic() - begun
open("predictions.csv", "w").write(${JSON.stringify(predictions)})
print(f"printed in {took:.1f}", flush=True)
`;

/** A program that prints ten thousand lines a second, while others use the page and send predictions. */
export async function benchFlood(report: Report, site: RunSite): Promise<void> {
  const variant = createVariants(await digitsFile('submissions/random_forest.csv'));
  const vitalsFile = join(site.stack.dir, 'vitals');
  const worker = await startRunWorker(
    site,
    { WORKER_CPU_SLOTS: '1', BENCH_VITALS: vitalsFile },
    'tests/bench/runs-worker.ts',
  );
  try {
    await runCodeLike(site, { limits: { memoryMiB: 1024, cpus: 1, wallSeconds: 120, logKiB } });
    const until = (ms: number) => {
      const end = new AbortController();
      setTimeout(() => end.abort(), ms);
      return end.signal;
    };
    // The first of everything is slower.
    await usePage(site, variant, 1_000_000, until(1_000));
    const idleFromMs = Date.now();
    const idle = await usePage(site, variant, 2_000_000, until(idleSeconds * 1000));
    const idleToMs = Date.now();

    const token = site.token(1);
    const id = await send(site, token, 'main.py', flood(variant(1).toString()));
    const over = new AbortController();
    const [page, stream] = await Promise.all([
      usePage(site, variant, 3_000_000, over.signal),
      followRun(site, token, id),
      untilEnded(site, token, id, 'scored').finally(() => over.abort()),
    ]);
    const { startedMs, exitedMs } = await readRunTimes(site, id);
    const vitals = await readVitals(vitalsFile);
    const within = (fromMs: number, toMs: number) => vitals.filter(({ atMs }) => atMs > fromMs + 1000 && atMs < toMs);
    tellPage(report, idle, page);
    tellWorker(report, within(idleFromMs, idleToMs), within(startedMs, exitedMs));
    tellLog(report, stream, await keptLog(site, token, id), (exitedMs - startedMs) / 1000);
  } finally {
    await worker.stop();
  }
}

interface Page {
  readonly health: number[];
  readonly board: number[];
  /** Of predictions: until the score is known. */
  readonly scored: number[];
}

/** Asks /healthz and the board twenty times a second each, and sends predictions once a second. */
async function usePage(
  site: RunSite,
  variant: (n: number) => Buffer,
  from: number,
  signal: AbortSignal,
): Promise<Page> {
  const { stack, slug, token } = site;
  const page: Page = { health: [], board: [], scored: [] };
  const timed = async (into: number[], work: () => Promise<void>) => {
    const startedMs = performance.now();
    await work();
    into.push(performance.now() - startedMs);
  };
  const again = async (everyMs: number, into: number[], work: (n: number) => Promise<void>) => {
    for (let n = 0; !signal.aborted; n++) {
      const nextMs = performance.now() + everyMs;
      await timed(into, async () => await work(n));
      await sleep(Math.max(0, nextMs - performance.now()));
    }
  };
  const get = async (path: string) => {
    const answer = await fetch(`${stack.url}${path}`, { headers: { authorization: `Bearer ${token(2)}` } });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  };
  await Promise.all([
    again(50, page.health, async () => await get('/healthz')),
    again(50, page.board, async () => await get(`/api/v1/competitions/${slug}/leaderboard?limit=100`)),
    again(1000, page.scored, async (n) => {
      const student = token(3 + (n % 8));
      const id = await send(site, student, 'predictions.csv', variant(from + n).toString());
      await untilEnded(site, student, id, 'scored');
    }),
  ]);
  return page;
}

interface Stream {
  readonly events: number;
  readonly bytes: number;
  readonly skipped: number;
  /** From the print to the reader, of the newest line of each event. */
  readonly delays: readonly number[];
  readonly text: string;
}

const LogEvent = z.object({ offset: z.number(), text: z.string(), skipped: z.number() });

/** Reads the run's events as its page does. */
async function followRun({ stack, client }: RunSite, token: string, id: number): Promise<Stream> {
  const seen = { events: 0, bytes: 0, skipped: 0, delays: new Array<number>(), text: '' };
  await client.events(`${stack.url}/api/v1/submissions/${id}/runs/events`, token, (data) => {
    const event = LogEvent.safeParse(JSON.parse(data)).data;
    if (event === undefined) return;
    const nowMs = Date.now();
    seen.events += 1;
    seen.bytes += Buffer.byteLength(event.text);
    seen.skipped += event.skipped;
    seen.text = `${seen.text}${event.text}`.slice(-200);
    const printed = /step \d{7} (\d+\.\d{3}) loss 0\.4321\n$/.exec(event.text)?.[1];
    if (printed !== undefined) seen.delays.push(nowMs - Number(printed) * 1000);
  });
  return seen;
}

async function keptLog({ stack }: RunSite, token: string, id: number): Promise<string> {
  const url = `${stack.url}/api/v1/submissions/${id}/runs/1/log`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  return await answer.text();
}

const Vitals = z.object({ atMs: z.number(), p99Ms: z.number(), maxMs: z.number(), rssBytes: z.number() });
type Vitals = z.infer<typeof Vitals>;

async function readVitals(file: string): Promise<Vitals[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => Vitals.parse(JSON.parse(line)));
}

function tellPage(report: Report, idle: Page, flooded: Page): void {
  const row = (name: string, p: number, of: keyof Page, maxMs: number) => {
    const value = percentile(flooded[of], p);
    report.add({
      name,
      value,
      unit: 'ms',
      peer: { name: 'before it', value: percentile(idle[of], p) },
      target: { text: `< ${maxMs} ms`, met: value < maxMs },
    });
  };
  row('/healthz during the flood, p99', 99, 'health', 100);
  row('leaderboard during the flood, p99', 99, 'board', 100);
  row('predictions during the flood, upload to score known, p50', 50, 'scored', 500);
}

function tellWorker(report: Report, idle: readonly Vitals[], flooded: readonly Vitals[]): void {
  const maxMs = Math.max(...flooded.map((one) => one.maxMs));
  report.add({
    name: 'event loop of the worker, longest delay',
    value: maxMs,
    unit: 'ms',
    peer: { name: 'before it', value: Math.max(...idle.map((one) => one.maxMs)) },
    target: { text: '< 500 ms', met: maxMs < 500 },
  });
  report.note(
    `The worker’s event loop: p99 of a second ${median(flooded.map((one) => one.p99Ms)).toFixed(1)} ms (p50 of ${flooded.length} s), ` +
      `before it ${median(idle.map((one) => one.p99Ms)).toFixed(1)} ms.`,
  );
  const megabytes = (all: readonly Vitals[]) => Math.max(...all.map(({ rssBytes }) => rssBytes)) / 1e6;
  report.add({
    name: 'memory of the worker (RSS), most',
    value: megabytes(flooded),
    unit: 'MB',
    peer: { name: 'before it', value: megabytes(idle) },
  });
}

function tellLog(report: Report, stream: Stream, kept: string, tookSeconds: number): void {
  const [, printing] = /printed in (\d+\.\d)\n$/.exec(kept) ?? [];
  const rate = lines / Number(printing ?? tookSeconds);
  report.add({
    name: 'lines printed',
    value: rate,
    unit: '/s',
    target: { text: '≥ 9,500 /s', met: rate >= 0.95 * perSecond },
  });
  const all = stream.bytes + stream.skipped;
  const whole = stream.text.endsWith(`printed in ${printing}\n`);
  report.add({
    name: 'log that reached its reader',
    value: (100 * stream.bytes) / all,
    unit: '%',
    target: { text: 'its last line too', met: whole },
  });
  report.add({ name: 'from print to reader, p50', value: median(stream.delays), unit: 'ms' });
  report.add({ name: 'from print to reader, p99', value: percentile(stream.delays, 99), unit: 'ms' });
  const isRight =
    kept.startsWith('epoch 1 step 0000000 ') && kept.includes(`step ${String(lines - 1).padStart(7, '0')} `) && whole;
  report.add({
    name: 'log kept',
    value: Buffer.byteLength(kept) / 1024,
    unit: 'KiB',
    target: { text: 'first and last line', met: isRight },
  });
  report.note(
    `${lines.toLocaleString('en-US')} lines, ${(all / 1e6).toFixed(1)} MB, of which ${(stream.bytes / 1e6).toFixed(1)} MB were sent in ` +
      `${stream.events} events to one reader. The program, the sandbox, the clients and all servers share the cores.`,
  );
}
