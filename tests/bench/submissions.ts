import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { SubmissionState, terminalStates } from '../../core/contract/submissions.ts';
import { oneRow, rows } from '../../core/db/sql.ts';
import { digitsFile } from '../support/competitions.ts';
import { createBenchClient, formOf, type BenchClient } from './client.ts';
import { cpuMs } from './cpu.ts';
import { benchCommits, benchDurableFiles } from './limits.ts';
import { makeClass, type Class } from './people.ts';
import { median, percentile, type Report } from './report.ts';
import { startNode, startStack, type Stack } from './stack.ts';
import { createVariants } from './variants.ts';

const loads = [
  { clients: 1, submissions: 150 },
  { clients: 8, submissions: 1_200 },
  { clients: 64, submissions: 2_000 },
] as const;
const warmUp = { clients: 8, submissions: 600 };
const burst = 700;
const students = 3_000;

interface Bench extends Class {
  readonly stack: Stack;
  readonly client: BenchClient;
  /** The next student's token and a file that nobody has sent yet. */
  next(): { token: string; file: Buffer };
}

/** Digits submissions over HTTP, from the first byte sent to the moment that the student knows the score. */
export async function benchSubmissions(report: Report): Promise<void> {
  report.suite('digits submissions (17 kB), from upload to scored');
  const stack = await startStack({ worker: true });
  const bare = await startNode('tests/bench/bare/empty.ts');
  const client = createBenchClient();
  try {
    // The burst's students have no team yet: theirs is the longer way.
    const competition = await makeClass(stack, {
      key: await digitsFile('solution.csv'),
      students,
      teams: students - burst,
    });
    const variant = createVariants(await digitsFile('submissions/random_forest.csv'));
    let sent = 0;
    const next = () => {
      sent++;
      return { token: competition.token(1 + (sent % (students - burst))), file: variant(sent) };
    };
    const bench: Bench = { ...competition, stack, client, next };
    const posts = await benchEmptyPosts(bare.url, client, next().file);
    const limits = { files: await benchDurableFiles(stack.dir, next().file), commits: await benchCommits(stack.db) };
    await runClients(bench, warmUp);
    for (const load of loads) await benchLoad(report, bench, load, posts.get(load.clients) ?? NaN);
    await benchBurst(report, bench, variant);
    report.note(
      'The clients, the api, the worker, Postgres and Redis share the cores. A client hears of its score by server-sent events.',
    );
    report.note(
      `Limits on this machine: a 17 kB file on disk (fdatasync, rename, sync of the folder) ${limits.files.toFixed(2)} ms; ` +
        `insert and commit with pg ${limits.commits.toFixed(2)} ms, each p50, one at a time.`,
    );
  } finally {
    client.close();
    await bare.stop();
    await stack.stop();
  }
}

/** The same form sent to a route that only reads it: what HTTP alone costs, per second, by number of clients. */
async function benchEmptyPosts(url: string, client: BenchClient, file: Buffer): Promise<Map<number, number>> {
  const form = formOf(file, 'predictions.csv');
  const perSecond = new Map<number, number>();
  for (const clients of [8, ...loads.map((load) => load.clients)]) {
    const startedMs = performance.now();
    let left = 2_000;
    await together(clients, async () => {
      while (left-- > 0) await client.post(`${url}/multipart`, 'none', form.body, form.type, 200);
    });
    perSecond.set(clients, 2_000 / ((performance.now() - startedMs) / 1000));
  }
  return perSecond;
}

interface Trace {
  readonly id: number;
  readonly sentMs: number;
  readonly knownMs: number;
}

async function benchLoad(
  report: Report,
  bench: Bench,
  load: { clients: number; submissions: number },
  postsPerSecond: number,
): Promise<void> {
  const processes = { ...bench.stack.pids, clients: process.pid };
  const before = cpuMs(processes);
  const startedMs = nowMs();
  const traces = await runClients(bench, load);
  const seconds = (nowMs() - startedMs) / 1000;
  const after = cpuMs(processes);
  const latencies = traces.map(({ sentMs, knownMs }) => knownMs - sentMs);
  const label = `${load.clients} client${load.clients === 1 ? '' : 's'}`;
  const rate = traces.length / seconds;
  report.add({
    name: `${label}: scored`,
    value: rate,
    unit: '/s',
    peer: { name: 'empty multipart route', value: postsPerSecond },
    ...(load.clients > 1 && { target: { text: '≥ 150 /s', met: rate >= 150 } }),
  });
  const p50 = median(latencies);
  report.add({
    name: `${label}: upload to score known, p50`,
    value: p50,
    unit: 'ms',
    ...(load.clients === 1 && { target: { text: '< 60 ms', met: p50 < 60 } }),
  });
  report.add({ name: `${label}: p99`, value: percentile(latencies, 99), unit: 'ms' });
  const phases = await readPhases(bench, traces);
  const text = Object.entries(phases).map(
    ([name, values]) => `${name} ${median(values).toFixed(1)} (${percentile(values, 99).toFixed(1)})`,
  );
  report.note(`${label}, ms by phase, p50 (p99): ${text.join(', ')}`);
  if (before && after) {
    const used = Object.keys(processes).map(
      (name) => `${name} ${(((after[name] ?? 0) - (before[name] ?? 0)) / traces.length).toFixed(1)}`,
    );
    report.note(`${label}, ms of processor time for each submission: ${used.join(', ')}`);
  }
}

/** Each client submits, waits for the score, and submits again. */
async function runClients(
  bench: Bench,
  { clients, submissions }: { clients: number; submissions: number },
): Promise<Trace[]> {
  const traces: Trace[] = [];
  let left = submissions;
  await together(clients, async () => {
    while (left-- > 0) {
      const { token, file } = bench.next();
      const sentMs = nowMs();
      const id = await post(bench, token, file);
      const state = await untilTerminal(bench, token, id);
      if (state !== 'scored') throw new Error(`submission ${id} was ${state}`);
      traces.push({ id, sentMs, knownMs: nowMs() });
    }
  });
  return traces;
}

const Receipt = z.object({ id: z.number() });

async function post({ client, stack, slug }: Bench, token: string, file: Buffer): Promise<number> {
  const form = formOf(file, 'predictions.csv');
  return Receipt.parse(
    await client.post(`${stack.url}/api/v1/competitions/${slug}/submissions`, token, form.body, form.type, 202),
  ).id;
}

const Event = z.object({ state: SubmissionState });

async function untilTerminal({ client, stack }: Bench, token: string, id: number): Promise<SubmissionState> {
  let state: SubmissionState = 'queued';
  await client.events(`${stack.url}/api/v1/submissions/${id}/events`, token, (data) => {
    ({ state } = Event.parse(JSON.parse(data)));
  });
  if (!terminalStates.includes(state)) throw new Error(`the events of submission ${id} ended at ${state}`);
  return state;
}

const Times = z.object({ id: z.number(), queuedMs: z.number(), claimedMs: z.number(), finishedMs: z.number() });

/** Where the time went. All clocks are this machine's; Postgres keeps whole milliseconds. */
async function readPhases(
  { stack }: Bench,
  traces: readonly Trace[],
): Promise<Record<'receive' | 'wait' | 'grade' | 'notice', number[]>> {
  const times = await rows(
    stack.db.pool,
    Times,
    `select id,
            extract(epoch from queued_at)::float8 * 1000 as "queuedMs",
            extract(epoch from claimed_at)::float8 * 1000 as "claimedMs",
            extract(epoch from finished_at)::float8 * 1000 as "finishedMs"
     from submission where id = any($1)`,
    [traces.map(({ id }) => id)],
  );
  const byId = new Map(times.map((row) => [row.id, row]));
  const phases = {
    receive: new Array<number>(),
    wait: new Array<number>(),
    grade: new Array<number>(),
    notice: new Array<number>(),
  };
  for (const { id, sentMs, knownMs } of traces) {
    const row = byId.get(id);
    if (row === undefined) throw new Error(`submission ${id} is lost`);
    phases.receive.push(row.queuedMs - sentMs);
    phases.wait.push(row.claimedMs - row.queuedMs);
    phases.grade.push(row.finishedMs - row.claimedMs);
    phases.notice.push(knownMs - row.finishedMs);
  }
  return phases;
}

/** A whole course at the deadline: everybody sends at the same moment. */
async function benchBurst(report: Report, bench: Bench, variant: (n: number) => Buffer): Promise<void> {
  const files = Array.from({ length: burst }, (_, n) => variant(1_000_000 + n));
  const startedMs = nowMs();
  const ids = await Promise.all(files.map((file, n) => post(bench, bench.token(students - n), file)));
  const acceptedMs = nowMs();
  const giveUpMs = nowMs() + 120_000;
  for (;;) {
    const row = await oneRow(
      bench.stack.db.pool,
      z.object({ scored: z.number(), lastMs: z.number().nullable() }),
      `select count(*)::int as scored, extract(epoch from max(finished_at))::float8 * 1000 as "lastMs"
       from submission where id = any($1) and state = 'scored'`,
      [ids],
    );
    if (row.scored === burst) {
      const seconds = ((row.lastMs ?? NaN) - startedMs) / 1000;
      report.add({ name: `burst of ${burst}: until all are scored`, value: seconds, unit: 's' });
      report.add({
        name: `burst of ${burst}: until all are accepted`,
        value: (acceptedMs - startedMs) / 1000,
        unit: 's',
      });
      report.add({
        name: `burst of ${burst}: scored`,
        value: burst / seconds,
        unit: '/s',
        target: { text: 'none lost', met: new Set(ids).size === burst },
      });
      return;
    }
    if (nowMs() > giveUpMs) throw new Error(`${burst - row.scored} of ${burst} were not scored within two minutes`);
    await sleep(50);
  }
}

async function together(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work));
}

/** Since 1970, with a fraction. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
