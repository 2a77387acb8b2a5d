import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../core/log.ts';
import { hashPassword } from '../../api/auth/secrets.ts';
import { createClient } from '../support/client.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('operations', () => {
  let system: System | undefined;
  afterEach(async () => {
    await system?.stop();
    system = undefined;
  });

  it('answers /healthz and /readyz, and says what is down', async () => {
    system = await startSystem({ worker: false });
    const nobody = createClient(system.url, undefined);
    expect((await fetch(`${system.url}/healthz`)).status).toBe(200);
    const ready = await nobody.call('GET /api/../readyz');
    expect([ready.status, ready.body]).toMatchObject([200, { status: 'ready', down: [] }]);
    await system.stop();

    // Port 1 refuses at once.
    system = await startSystem({ worker: false, environment: { REDIS_URL: 'redis://127.0.0.1:1' } });
    const notReady = await createClient(system.url, undefined).call('GET /api/../readyz');
    expect([notReady.status, notReady.body]).toMatchObject([
      503,
      { down: ['redis'], checks: { postgres: { ok: true }, redis: { ok: false } } },
    ]);
  });

  it('numbers no request as another process did, so that an id finds one line in the logs', async () => {
    const firstIdOf = async () => {
      const one = await startSystem({ worker: false });
      try {
        return (await fetch(`${one.url}/healthz`)).headers.get('x-request-id');
      } finally {
        await one.stop();
      }
    };
    const id = await firstIdOf();
    expect(id).toMatch(/^\S+$/);
    expect(await firstIdOf()).not.toBe(id);
  });

  it('gives Prometheus the queue, its oldest, the phases and HTTP', async () => {
    system = await startSystem({ worker: false });
    const course = await makeCourse(system, { students: 1 });
    const slug = await makeCompetition(course);
    const ada = course.students[0];
    const { id } = (await ada?.submit(slug, tinyPredictions)) ?? { id: 0 };
    const read = async () => await (await fetch(`${system?.url}/metrics`)).text();
    const waiting = await read();
    expect(waiting).toMatch(/^topk_queue_depth 1$/m);
    expect(Number(/^topk_oldest_waiting_seconds (\S+)$/m.exec(waiting)?.[1])).toBeGreaterThan(0);
    expect(waiting).toMatch(/^topk_submission_phase_seconds_count\{phase="receiving"\} 1$/m);
    expect(waiting).toMatch(
      /^http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/competitions\/:slug\/submissions",status="202"\} 1$/m,
    );
    await system.startWorker();
    await ada?.finished(id);
    await expect.poll(read, { timeout: 60_000 }).toMatch(/^topk_submission_phase_seconds_count\{phase="grading"\} 1$/m);
    expect(await read()).toMatch(/^topk_queue_depth 0$/m);
  });

  it('logs with request ids and without secrets', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    system = await startSystem({ worker: false, log: createLog({ name: 'api', level: 'trace', destination: sink }) });
    const course = await makeCourse(system, { students: 1 });
    const ada = course.students[0];
    await system.db.prisma.user.update({
      where: { id: ada?.id ?? 0 },
      data: { passwordHash: await hashPassword('hunter2 hunter2') },
    });
    const made = await ada?.json('POST /tokens', { name: 'x' });
    const token = /"token":"([^"]+)"/.exec(made?.text ?? '')?.[1] ?? 'none';
    const session = await createClient(system.url, undefined).json('POST /session', {
      email: ada?.email,
      password: 'hunter2 hunter2',
    });
    const cookie = /topk_session=([^;]+)/.exec(session.headers.get('set-cookie') ?? '')?.[1] ?? 'none';
    await createClient(system.url, undefined).json('POST /session', { email: ada?.email, password: 'hunter2 wrong' });
    const answer = await createClient(system.url, token).call('GET /me?token=abc');
    // The form's parser has a log line of its own.
    await createClient(system.url, token).upload(`POST /competitions/${await makeCompetition(course)}/check`, 'x');
    expect(answer.status).toBe(200);
    // What our own code might log by accident goes through the same redaction.
    const log = createLog({ name: 'api', level: 'trace', destination: sink });
    log.info(
      { req: { headers: { authorization: `Bearer ${token}`, cookie } }, password: 'hunter2 hunter2' },
      'careless',
    );
    const all = lines.join('');
    expect(all).toContain('"reqId"');
    expect(all).toContain('/api/v1/session');
    for (const secret of [token, cookie, 'hunter2', ada?.token ?? 'none']) expect(all).not.toContain(secret);
  });
});
