import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernel } from '../../core/scoring/kernel/build.ts';
import { median, type Report } from './report.ts';
import { imagenet, midterm, scoresArray, type Workload } from './scoring-data.ts';
import { bytes, openPeers, topk, type Peer, type PeerAnswer, type Peers, type PeerTask } from './scoring-peers.ts';

const REPEATS = 7;
const MAX_PEAK_MB = 250;
const MAX_BEYOND_READING_MS = 60;

/** From a predictions file to the counts of both boards, against what else a course could use for that. */
export async function benchScoring(report: Report): Promise<void> {
  await buildKernel();
  const folder = join(process.env['TOPK_DATA_DIR'] ?? fileURLToPath(new URL('../../.topk', import.meta.url)), 'bench');
  const workloads = [await midterm(folder), await imagenet(folder, 50_000), await imagenet(folder, 1_000_000)];
  const peers = await openPeers(folder);
  for (const workload of workloads) await benchCsv(report, workload, peers);
  await benchArray(report, folder, workloads[1], peers);
  report.note(
    'Medians in ms, after one warm-up run. The file is in the page cache and in no process; the answer key is compiled or loaded before, for all alike.',
  );
  report.note(
    'Every contender checks ids (unknown, missing, duplicate) and labels (known, distinct within a row) or finiteness, and must count the same hits.',
  );
  report.note('NumPy and torch take the array from np.load, whose time is counted, as the reading is for the others.');
  for (const reason of peers.missing) report.note(reason);
}

async function benchCsv(report: Report, workload: Workload, peers: Peers): Promise<void> {
  report.suite(`scoring ${workload.name}`);
  const files = [workload.inOrder, workload.shuffled];
  const task = { key: workload.key, k: workload.k, classes: workload.classes, files, repeats: REPEATS };
  const own = await topk.run(task);
  const answers = await runAll(report, peers.csv, task);
  const limit = await bytes.run(task);
  for (const { name, answer } of answers) for (const i of files.keys()) mustAgree(name, answer, own, i);

  for (const [i, order] of ['in order', 'shuffled'].entries()) {
    const ours = median(own.results[i]?.times ?? []);
    const others = answers.map(({ name, answer }) => ({ name, value: median(answer.results[i]?.times ?? []) }));
    const fastest = fastestOf(others.filter(({ name }) => name !== 'C'));
    const row = { name: `${order}: topk, one thread`, value: ours, unit: 'ms' };
    if (fastest === undefined) report.add(row);
    else {
      const target =
        i === 0
          ? { text: 'at most 1/3', met: 3 * ours <= fastest.value }
          : { text: 'at most 1', met: ours <= fastest.value };
      report.add({ ...row, peer: fastest, target });
    }
    const floor = { name: 'bytes', value: median(limit.results[i]?.times ?? []) };
    for (const { name, value } of [...others, floor])
      report.add({ name: `${order}: ${name}`, value, unit: 'ms', peer: { name: 'topk', value: ours } });
  }
  report.add({
    name: 'peak memory: topk',
    value: own.peakMb,
    unit: 'MB',
    target: { text: `under ${MAX_PEAK_MB} MB`, met: own.peakMb < MAX_PEAK_MB },
  });
  for (const { name, answer } of answers)
    report.add({
      name: `peak memory: ${name}`,
      value: answer.peakMb,
      unit: 'MB',
      peer: { name: 'topk', value: own.peakMb },
    });
}

async function benchArray(report: Report, folder: string, workload: Workload | undefined, peers: Peers): Promise<void> {
  if (workload === undefined) return;
  report.suite('scoring an array, 50,000 × 1,000 float32 (200 MB)');
  const { key, classes, file } = await scoresArray(folder, workload, 50_000);
  const task = { key, k: 0, classes, files: [file], repeats: REPEATS };
  const own = await topk.run(task);
  const reading = median((await bytes.run(task)).results[0]?.times ?? []);
  const answers = await runAll(report, peers.arrays, task);
  for (const { name, answer } of answers) mustAgree(name, answer, own, 0);
  const ours = median(own.results[0]?.times ?? []);
  report.add({
    name: 'topk',
    value: ours,
    unit: 'ms',
    peer: { name: 'bytes', value: reading },
    target: {
      text: `at most ${MAX_BEYOND_READING_MS} ms beyond reading`,
      met: ours - reading <= MAX_BEYOND_READING_MS,
    },
  });
  for (const { name, answer } of answers) {
    const value = median(answer.results[0]?.times ?? []);
    const row = { name, value, unit: 'ms', peer: { name: 'topk', value: ours } };
    report.add(name === 'torch' ? { ...row, target: { text: 'slower than topk', met: value > ours } } : row);
  }
  report.add({
    name: 'peak memory: topk',
    value: own.peakMb,
    unit: 'MB',
    target: { text: `under ${MAX_PEAK_MB} MB`, met: own.peakMb < MAX_PEAK_MB },
  });
}

/** A peer that cannot run here is named and left out; one that counts otherwise fails the bench. */
async function runAll(
  report: Report,
  peers: readonly Peer[],
  task: PeerTask,
): Promise<{ name: string; answer: PeerAnswer }[]> {
  const answers = [];
  for (const { name, run } of peers) {
    try {
      answers.push({ name, answer: await run(task) });
    } catch (error) {
      report.note(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return answers;
}

function mustAgree(name: string, answer: PeerAnswer, own: PeerAnswer, file: number): void {
  const [theirs, ours] = [answer.results[file]?.counts, own.results[file]?.counts];
  if (!isDeepStrictEqual(theirs, ours))
    throw new Error(`${name} counts ${JSON.stringify(theirs)}, topk ${JSON.stringify(ours)}`);
}

function fastestOf(measured: readonly { name: string; value: number }[]): { name: string; value: number } | undefined {
  return measured.toSorted((a, b) => a.value - b.value)[0];
}
