import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScoringPool } from '../../core/scoring-pool/pool.ts';
import type { Executor } from '../../worker/executor/executor.ts';
import { createDockerExecutor } from '../../worker/executor/sandbox.ts';
import { programsFor, type Observed } from '../golden/hostile/expectation.ts';
import { describeImage, docker, hasRuntime, imageDigest } from '../support/docker.ts';
import { watchHost, type HostWatch } from '../support/hostile-host.ts';
import { createScorer, endingOf, hostileSpec, layBait, witness, type Bait, type Witness } from '../support/hostile.ts';

const suite = randomBytes(4).toString('hex');

for (const runtime of ['runc', 'runsc']) {
  (hasRuntime(runtime) ? describeImage('python') : describe.skip)(`a hostile program on ${runtime}`, () => {
    const worker = `hostile-${suite}-${runtime}`;
    let executor: Executor;
    let scorer: ScoringPool;
    let bait: Bait;
    let host: HostWatch;

    beforeAll(async () => {
      bait = await layBait();
      scorer = createScorer();
      host = watchHost(docker().host, [`topk.worker=${worker}`, 'topk.kind=run']);
      const log = pino({ level: 'silent' });
      executor = await createDockerExecutor({
        host: docker().host,
        runtime,
        installation: `hostile-${suite}`,
        worker,
        // Most limits are used once: what would be made ready would not be taken.
        ready: 0,
        log,
      });
    });
    afterAll(async () => {
      await host.stop();
      await scorer.close();
      await bait.remove();
    });

    it.concurrent.each(programsFor(runtime))('golden/hostile/$name: $why', async (program) => {
      const expected = program.on(runtime);
      const name = `${worker}-${program.name}`;
      const run = async (tried: string, limits: Observed['limits']) => {
        const spec = hostileSpec(program, { ...expected, limits }, imageDigest('python'), tried, bait);
        return { wallSeconds: spec.limits.wallSeconds, seen: await witness(executor, spec, scorer, bait) };
      };
      const { wallSeconds, seen } = await underWay(run, name, expected);
      try {
        expectEnding(seen, expected, wallSeconds);
        expectLog(seen, expected);
        expectFiles(seen, expected);
        expectVerdict(seen, expected, wallSeconds);
        expectNothingFound(seen, expected, { worker, name, bait });
      } catch (error) {
        throw new Error(`${name} showed something else:\n${summary(seen)}`, { cause: error });
      }
    });

    // The last: it closes the executor.
    it('has harmed nothing, was answered beside, and is gone', async () => {
      expect(bait.connections()).toBe(0);
      expect(await bait.unharmed()).toBe(true);
      await executor.close();
      expect(await host.left()).toEqual([]);
      const { pingMs, loopMs } = await host.answers();
      expect(pingMs).toBeLessThan(1000);
      expect(loopMs).toBeLessThan(1000);
    });
  });
}

interface Tried {
  readonly wallSeconds: number;
  readonly seen: Witness;
}

/** On a slow machine a short time limit may be over before the program is under way: then it gets a long one. */
async function underWay(
  run: (name: string, limits: Observed['limits']) => Promise<Tried>,
  name: string,
  { limits, log, logSkips }: Observed,
): Promise<Tried> {
  const tried = await run(name, limits);
  const { outcome, log: printed } = tried.seen;
  const isUnderWay = log.every((pattern) => pattern.test(printed)) && outcome.log.skipped >= logSkips;
  if (limits.wallSeconds === undefined || isUnderWay) return tried;
  return await run(`${name}-longer`, { ...limits, wallSeconds: limits.wallSeconds * 15 });
}

function summary({ outcome, ranMs, log, verdict }: Witness): string {
  const words = verdict.kind === 'rejected' ? verdict.sentence : verdict.scores;
  const files = [...outcome.files].map(([name, file]) => `${name}: ${file.kind}`).join(', ');
  return `${endingOf(outcome)} after ${ranMs} ms; ${files}; ${verdict.kind}: ${words}\n${log.slice(-2000)}`;
}

function expectEnding({ outcome, ranMs }: Witness, expected: Observed, wallSeconds: number): void {
  expect(expected.ending).toContain(endingOf(outcome));
  // Never stuck. On time to the second: on-time.test.ts.
  expect(ranMs).toBeLessThan(wallSeconds * 1000 + 60_000);
  if (outcome.ending.kind === 'timed-out') expect(ranMs).toBeGreaterThanOrEqual(wallSeconds * 1000 - 50);
  if (expected.childOutOfMemory !== undefined) expect(outcome.childOutOfMemory).toBe(expected.childOutOfMemory);
}

function expectLog({ outcome, log }: Witness, expected: Observed): void {
  for (const pattern of expected.log) expect(log).toMatch(pattern);
  expect(outcome.log.skipped).toBeGreaterThanOrEqual(expected.logSkips);
  expect(outcome.log.head.length + outcome.log.tail.length).toBeLessThanOrEqual(1_048_576);
  // What terminals and pages obey is not in what is kept.
  // oxlint-disable-next-line no-control-regex
  expect(log).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
}

function expectFiles({ outcome, fetched }: Witness, expected: Observed): void {
  for (const [name, kinds] of Object.entries(expected.files)) expect(kinds).toContain(outcome.files.get(name)?.kind);
  for (const pattern of expected.filesNever) expect(fetched).not.toMatch(pattern);
  expect(outcome.others.length).toBeLessThanOrEqual(20);
  for (const pattern of expected.othersNever) expect(outcome.others.join('\n')).not.toMatch(pattern);
}

function expectVerdict({ outcome, verdict }: Witness, expected: Observed, wallSeconds: number): void {
  if (expected.scores !== undefined) expect(verdict).toEqual({ kind: 'scored', scores: expected.scores });
  if (expected.sentence === undefined) return;
  expect(verdict.kind).toBe('rejected');
  if (verdict.kind !== 'rejected') return;
  expect(verdict.sentence).toMatch(expected.sentence);
  if (outcome.ending.kind === 'timed-out') expect(verdict.sentence).toContain(`Time limit of ${wallSeconds} s`);
}

/** Nothing that came out tells of labels, credentials, other runs or the host. */
function expectNothingFound(
  { log, fetched, outcome, verdict }: Witness,
  expected: Observed,
  { worker, name, bait }: { worker: string; name: string; bait: Bait },
): void {
  const told = [log, fetched, ...outcome.others, verdict.kind === 'rejected' ? verdict.sentence : ''];
  for (const text of told) {
    expect(text).not.toContain(bait.canary);
    expect(text.replaceAll(name, '')).not.toContain(worker);
    for (const pattern of expected.never) expect(text).not.toMatch(pattern);
  }
  // oxlint-disable-next-line no-control-regex
  if (verdict.kind === 'rejected') expect(verdict.sentence).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e]/);
}
