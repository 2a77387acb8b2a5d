import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBlobStore } from '../../core/blobs/store.ts';
import { Run, RunSettings } from '../../core/contract/runs.ts';
import { openLiveLog } from '../../core/live-log.ts';
import { endRun, markPrepared, markStarted, saveSamples, type RunEnd } from '../../core/submissions/runs.ts';
import { makeCompetition } from '../support/competitions.ts';
import { readEvents, type ReceivedEvent } from '../support/events.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { registerImage, startRun, tinyScript } from '../support/simulated-runs.ts';
import { startSystem, type System } from '../support/system.ts';

const sample = { t: 1, memory: 1_000_000, cpu: 0.5 };
const log = `first line\n${'x'.repeat(20_000)}\nlast line\n`;

describe('the runs of code', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let ben: Person;

  beforeAll(async () => {
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('the course has too few students');
    [ada, ben] = [first, second];
    await registerImage(system.db, 'python', 'sha256:python');
  });
  afterAll(async () => await system.stop());

  const keep = async (content: string) => {
    const outcome = await createBlobStore(system.dataDir).put(chunksOf(content), 1 << 20);
    if (outcome.kind !== 'stored') throw new Error('too large');
    return outcome.blob;
  };
  /** A run that has ended, with all that one can leave. */
  const end = async (held: { submissionId: number; attempt: number }, more: Partial<RunEnd> = {}) => {
    const kept = await keep(log);
    await endRun(system.db.pool, held, {
      ending: 'exited',
      exitCode: 1,
      sentence: 'exit code 1',
      exitedAt: new Date(),
      peakMemoryBytes: 5_000_000_000,
      cpuSeconds: 1.5,
      samples: [sample],
      log: { ...kept, skipped: 3_000_000_000 },
      output: await keep('id,label\n'),
      notebook: await keep('{"cells":[]}'),
      ...more,
    });
    await system.db.pool.query(
      `update submission set state = 'rejected', finished_at = now(), report = '{"errors":[],"moreErrors":0}', version = version + 1 where id = $1`,
      [held.submissionId],
    );
    await system.db.pool.query(`update run set fault = 'a secret fault' where submission_id = $1`, [held.submissionId]);
  };
  const begin = async (runSettings: Record<string, unknown> = {}) => {
    const slug = await makeCompetition(course, { settings: { accepts: ['code'], runSettings } });
    const { id } = await ada.submit(slug, tinyScript, 'a.py');
    return { slug, id, held: await startRun(system.db, id) };
  };
  const runsOf = async (who: Person, id: number) =>
    z.object({ runs: z.array(Run) }).parse((await who.call(`GET /submissions/${id}/runs`)).body).runs;

  it('are told stage by stage, to their team and to staff', async () => {
    const { id, held } = await begin();
    expect(await runsOf(ada, id)).toMatchObject([
      { attempt: 1, stage: 'preparing', image: { digest: 'sha256:python' } },
    ]);
    const limits = RunSettings.parse({ limits: { cpus: 0.5 } }).limits;
    await markPrepared(system.db.pool, held, new Date(), limits);
    expect(await runsOf(ada, id), 'what the worker’s machine could set').toMatchObject([{ limits: { cpus: 0.5 } }]);
    await markStarted(system.db.pool, held, new Date());
    await saveSamples(system.db.pool, held, [sample]);
    expect(await runsOf(ada, id)).toMatchObject([{ stage: 'running', samples: [sample] }]);
    await system.db.pool.query(`update run set ending = 'exited', exited_at = now() where submission_id = $1`, [id]);
    expect(await runsOf(ada, id)).toMatchObject([{ stage: 'scoring' }]);
    await system.db.pool.query('update run set ending = null where submission_id = $1', [id]);
    await end(held);
    const [own] = await runsOf(ada, id);
    expect(own).toMatchObject({
      stage: 'ended',
      ending: 'exited',
      exitCode: 1,
      peakMemoryBytes: 5_000_000_000,
      log: { bytes: log.length, skipped: 3_000_000_000 },
      output: { bytes: 9, sha256: createHash('sha256').update('id,label\n').digest('hex') },
    });
    expect([own?.worker, own?.fault]).toEqual([undefined, undefined]);
    expect(await runsOf(course.ta, id)).toMatchObject([{ worker: 'the-worker-of-the-test', fault: 'a secret fault' }]);
    for (const path of ['runs', 'runs/1/log', 'runs/1/output', 'runs/1/notebook', 'runs/events'])
      expect((await ben.call(`GET /submissions/${id}/${path}`)).status).toBe(404);
    expect((await ada.call(`GET /submissions/${id}`)).body).toMatchObject({ run: { attempt: 1, stage: 'ended' } });
    expect((await ada.call(`GET /submissions/${id}`)).text).not.toMatch(/the-worker-of-the-test|a secret fault/);
  });

  it('give their log as text and their files as downloads, which no browser takes for a page', async () => {
    const { id, held } = await begin();
    expect((await ada.call(`GET /submissions/${id}/runs/1/log`)).status).toBe(404);
    await end(held);
    const answer = await ada.call(`GET /submissions/${id}/runs/1/log`);
    expect([answer.text, answer.headers.get('content-type')]).toEqual([log, 'text/plain; charset=utf-8']);
    const notebook = await ada.call(`GET /submissions/${id}/runs/1/notebook`);
    expect([notebook.text, notebook.headers.get('content-type')]).toEqual(['{"cells":[]}', 'application/x-ipynb+json']);
    const output = await ada.call(`GET /submissions/${id}/runs/1/output`);
    expect(output.headers.get('content-disposition')).toContain(`submission-${id}-run-1-predictions.csv`);
    for (const { headers } of [answer, notebook, output]) {
      expect(headers.get('content-disposition')).toMatch(/^attachment/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await ada.call(`GET /submissions/${id}/runs/2/log`)).status).toBe(404);
    expect((await ada.call(`GET /submissions/${id}/runs/0/log`)).status).toBe(400);
  });

  it.each([
    ['none', ''],
    ['tail', 'last line\n'],
  ] as const)('show students of a log what the instructor allows: %s', async (showLog, seen) => {
    const { id, held } = await begin({ showLog });
    const live = await openLiveLog(system.dataDir, held);
    await live.append(0, Buffer.from(log));
    await end(held);
    const own = await ada.call(`GET /submissions/${id}/runs/1/log`);
    expect(own.status).toBe(showLog === 'none' ? 404 : 200);
    if (showLog === 'tail') expect(own.text).toBe(seen);
    expect((await ada.call(`GET /submissions/${id}/runs/1/notebook`)).status).toBe(404);
    expect((await ada.call(`GET /submissions/${id}/runs/1/output`)).status).toBe(404);
    const told = (await stream(ada, id))
      .filter(({ name }) => name === 'log')
      .map(({ data }) => LogEvent.parse(data).text);
    expect(told.join('')).toBe(seen);
    expect((await course.ta.call(`GET /submissions/${id}/runs/1/log`)).text).toBe(log);
    expect((await course.ta.call(`GET /submissions/${id}/runs/1/notebook`)).status).toBe(200);
    expect((await course.ta.call(`GET /submissions/${id}/runs/1/output`)).status).toBe(200);
  });

  const LogEvent = z.object({ offset: z.number(), text: z.string(), skipped: z.number() });
  const open = async (who: Person, id: number, lastEventId?: string) =>
    await fetch(`${system.url}/api/v1/submissions/${id}/runs/events`, {
      headers: {
        authorization: `Bearer ${who.token}`,
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      signal: AbortSignal.timeout(20_000),
    });
  const stream = async (who: Person, id: number, lastEventId?: string) => {
    const events: ReceivedEvent[] = [];
    for await (const event of readEvents(await open(who, id, lastEventId))) events.push(event);
    return events;
  };

  it('are followed from the queue to the end', async () => {
    const slug = await makeCompetition(course, { settings: { accepts: ['code'] } });
    const { id } = await ada.submit(slug, tinyScript, 'a.py');
    const events = readEvents(await open(ada, id));
    const next = async (name: string) => {
      for (;;) {
        const { value } = await events.next();
        if (value === undefined) throw new Error(`the stream ended before ${name}`);
        if (value.name === name) return value;
      }
    };
    const held = await startRun(system.db, id);
    expect(await next('run')).toMatchObject({ data: { attempt: 1, stage: 'preparing' } });
    const live = await openLiveLog(system.dataDir, held);
    // A character that is cut in two is sent as one.
    const bytes = Buffer.from('epoch 1 ✓\n');
    await live.append(0, bytes.subarray(0, 9));
    expect((await next('log')).data).toEqual({ offset: 0, text: 'epoch 1 ', skipped: 0 });
    await live.append(9, bytes.subarray(9));
    expect((await next('log')).data).toEqual({ offset: 8, text: '✓\n', skipped: 0 });
    await markStarted(system.db.pool, held, new Date());
    await saveSamples(system.db.pool, held, [sample]);
    expect((await next('sample')).data).toEqual(sample);
    // What was left out is told.
    await live.append(1_000_000, Buffer.from('the end\n'));
    expect((await next('log')).data).toEqual({ offset: 1_000_000, text: 'the end\n', skipped: 999_988 });
    await end(held);
    expect(await next('run')).toMatchObject({ data: { stage: 'ended', ending: 'exited' }, id: '1.1000008' });
    expect(await events.next()).toMatchObject({ done: true });

    // A client that had some of it is sent the rest.
    const rest = await stream(ada, id, '1.12');
    expect(rest.filter(({ name }) => name === 'log').map(({ data }) => LogEvent.parse(data).text)).toEqual([
      'the end\n',
    ]);
  });

  it('are told whole after they have ended, from what is kept', async () => {
    const { id, held } = await begin();
    await end(held);
    const events = await stream(ada, id);
    expect(events.map(({ name }) => name).slice(0, 2)).toEqual(['run', 'sample']);
    const pieces = events.filter(({ name }) => name === 'log').map(({ data }) => LogEvent.parse(data));
    expect(pieces.map(({ text }) => text).join('')).toBe(log);
    expect(pieces.every(({ offset }, index) => index === 0 || offset > (pieces[index - 1]?.offset ?? 0))).toBe(true);
    // A browser that connects again has all of it.
    expect((await stream(ada, id, events.at(-1)?.id)).some(({ name }) => name === 'log')).toBe(false);
  });

  it('are none for predictions, and the stream of none ends', async () => {
    const slug = await makeCompetition(course, { settings: { accepts: ['code'] } });
    const { id } = await ada.submit(slug, tinyScript, 'a.py');
    await ada.call(`POST /submissions/${id}/cancel`);
    expect(await runsOf(ada, id)).toEqual([]);
    expect(await stream(ada, id)).toEqual([]);
  });

  it('hold the private scores of a verification for staff alone before the reveal', async () => {
    const { id, held } = await begin();
    const score = { value: 0.5, rows: 2, hits: 1, low: 0.1, high: 0.9 };
    await end(held);
    await system.db.prisma.run.updateMany({
      where: { submissionId: id },
      data: { scores: { public: { top1: score }, private: { top1: { ...score, value: 0.123 } } } },
    });
    expect((await ada.call(`GET /submissions/${id}/runs`)).text).not.toContain('0.123');
    expect((await ada.call(`GET /submissions/${id}`)).text).not.toContain('0.123');
    expect((await course.ta.call(`GET /submissions/${id}/runs`)).text).toContain('0.123');
    expect(JSON.stringify(await stream(ada, id))).not.toMatch(/0\.123|a secret fault|the-worker-of-the-test/);
  });
});

async function* chunksOf(content: string) {
  yield await Promise.resolve(Buffer.from(content));
}
