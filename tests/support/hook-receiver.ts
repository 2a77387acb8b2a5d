import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { Person, TestCourse } from './people.ts';
import { until } from './poll.ts';
import { createHook, listHookDeliveries, type HookDelivery } from '../../core/contract/hooks.ts';

export interface ReceivedHook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request. */
type Answers = (response: ServerResponse, received: ReceivedHook) => void;

/** A real HTTP server that takes what hooks send. */
export interface HookReceiver {
  readonly port: number;
  readonly url: string;
  readonly received: ReceivedHook[];
  /** What came to a path, without tests. */
  at(path: string): ReceivedHook[];
  /** How a path answers from now on; 200 where nothing was said. */
  answer(path: string, how: Answers): void;
  close(): Promise<void>;
}

export async function startHookReceiver(): Promise<HookReceiver> {
  const received: ReceivedHook[] = [];
  const answers = new Map<string, Answers>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(got);
      (answers.get(got.path) ?? ((to) => to.end('thanks')))(response, got);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    at: (path) => received.filter((one) => one.path === path && typeOf(one) !== 'test'),
    answer: (path, how) => void answers.set(path, how),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function typeOf({ body }: ReceivedHook): string {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? String(parsed.type) : '';
}

/** Whether one of the signatures is that of `secret`: written from the specification, with nothing of ours. */
export function isSigned({ headers, body }: ReceivedHook, secret: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = `v1,${createHmac('sha256', key).update(signed, 'utf8').digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}

/** A hook of a course, with short ways to look at it. */
export interface TestHook {
  readonly id: number;
  readonly path: string;
  readonly secret: string;
  deliveries(): Promise<HookDelivery[]>;
  /** The newest delivery of an event once `is` holds. */
  delivery(event: string, is: (delivery: HookDelivery) => boolean): Promise<HookDelivery>;
}

/** Makes a hook that leads to the receiver. */
export async function makeHook(
  course: TestCourse,
  receiver: Pick<HookReceiver, 'url'>,
  more: { path?: string; url?: string; format?: string; events?: readonly string[]; by?: Person } = {},
): Promise<TestHook> {
  const path = more.path ?? `/${Math.random().toString(36).slice(2)}`;
  const by = more.by ?? course.instructor;
  const answer = await by.json(`POST /courses/${course.slug}/hooks`, {
    name: 'A hook',
    url: more.url ?? `${receiver.url}${path}`,
    format: more.format ?? 'json',
    events: more.events ?? ['competition.opened', 'submission.scored', 'grade.released', 'run.failed'],
  });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${answer.text}`);
  const { hook, secret } = createHook.schema.response[201].parse(answer.body);
  const deliveries = async () => {
    const listed = await by.call(`GET /courses/${course.slug}/hooks/${hook.id}/deliveries?limit=100`);
    return listHookDeliveries.schema.response[200].parse(listed.body).deliveries;
  };
  return {
    id: hook.id,
    path,
    secret,
    deliveries,
    delivery: async (event, is) =>
      await until(`a delivery of ${event}`, 120_000, async () =>
        (await deliveries()).find((one) => one.event === event && is(one)),
      ),
  };
}
