import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../core/contract/problems.ts';
import { Submission, terminalStates } from '../../core/contract/submissions.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where it is no JSON. */
  readonly body: unknown;
  /** The body as a problem; throws where it is none. */
  problem(): Problem;
}

export interface Client {
  call(call: string, init?: RequestInit): Promise<Answer>;
  json(call: string, body: unknown): Promise<Answer>;
  upload(
    call: string,
    content: string | Uint8Array<ArrayBuffer>,
    name?: string,
    fields?: Record<string, string>,
  ): Promise<Answer>;
  /** Submits to a competition and answers with the receipt; throws where it is refused. */
  submit(slug: string, content: string | Uint8Array<ArrayBuffer>, name?: string): Promise<Submission>;
  /** Polls until the submission is in a terminal state. */
  finished(id: number, withinMs?: number): Promise<Submission>;
}

/** Speaks HTTP as one person; without a token as nobody. `call` is a method and a path below /api/v1. */
export function createClient(baseUrl: string, token: string | undefined): Client {
  const call = async (line: string, init: RequestInit = {}): Promise<Answer> => {
    const [method = 'GET', path = ''] = line.split(' ');
    const url = path.startsWith('/api') ? `${baseUrl}${path}` : `${baseUrl}/api/v1${path}`;
    const response = await fetch(url, {
      ...init,
      method,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...init.headers },
    });
    const text = await response.text();
    const body = parseJson(text);
    return { status: response.status, headers: response.headers, text, body, problem: () => Problem.parse(body) };
  };
  const upload: Client['upload'] = async (line, content, name = 'predictions.csv', fields = {}) => {
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    form.append('file', new Blob([content]), name);
    return await call(line, { body: form });
  };
  const finished: Client['finished'] = async (id, withinMs = 120_000) => {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const answer = await call(`GET /submissions/${id}`);
      if (answer.status === 200) {
        const submission = Submission.parse(answer.body);
        if (terminalStates.includes(submission.state)) return submission;
      }
      if (performance.now() > deadlineMs) throw new Error(`submission ${id} has not finished: ${answer.text}`);
      await sleep(20);
    }
  };
  return {
    call,
    json: async (line, body) =>
      await call(line, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    upload,
    submit: async (slug, content, name) => {
      const answer = await upload(`POST /competitions/${slug}/submissions`, content, name);
      if (answer.status !== 202) throw new Error(`refused: ${answer.status} ${answer.text}`);
      return Submission.parse(answer.body);
    },
    finished,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
