import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

/** What making and inspecting images needs of a Docker daemon: its HTTP API, nothing more. */
export type DockerApi = {
  /** The answer's JSON, or undefined where the daemon says that there is no such thing. */
  find(path: string): Promise<unknown>;
  /** @returns the answer's JSON; undefined where it is empty */
  call(method: 'POST' | 'DELETE', path: string, body?: unknown, timeoutMs?: number): Promise<unknown>;
  /** Sends a tar, or nothing, and hands over each line of the progress, which the daemon sends as JSON. */
  send(path: string, tar: Readable | undefined, line: (progress: Progress) => void, timeoutMs: number): Promise<void>;
  /** A stream of bytes: an exported file system, say. The caller reads it to its end or destroys it. */
  stream(path: string): Promise<Readable>;
};

export const Progress = z.looseObject({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
});
export type Progress = z.infer<typeof Progress>;

const defaultTimeoutMs = 30_000;

/**
 * A client for a daemon: `unix:///path`, `tcp://host:port` (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH also by TLS), `http://`, `https://`.
 * @throws a sentence for another kind of address
 */
export function openDockerApi(host: string): DockerApi {
  const target = parseHost(host);

  async function ask(method: string, path: string, options: Ask = {}): Promise<http.IncomingMessage> {
    const { body, timeoutMs = defaultTimeoutMs } = options;
    const json = body === undefined || isStream(body) ? undefined : JSON.stringify(body);
    const headers = {
      host: 'docker',
      ...(json === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
      ...(isStream(body) ? { 'content-type': 'application/x-tar' } : {}),
    };
    const request = target.secure
      ? https.request({ ...target.options, method, path, headers, signal: AbortSignal.timeout(timeoutMs) })
      : http.request({ ...target.options, method, path, headers, signal: AbortSignal.timeout(timeoutMs) });
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject);
    });
    // A daemon that refuses early stops reading: its answer, not the broken pipe, tells why.
    if (isStream(body)) void pipeline(body, request).catch(() => {});
    else request.end(json);
    return await answered;
  }

  return {
    async find(path) {
      const response = await ask('GET', path);
      const text = await textOf(response);
      if (response.statusCode === 404) return undefined;
      return parseAnswer(response, text, path);
    },
    async call(method, path, body, timeoutMs) {
      const response = await ask(method, path, { body, timeoutMs });
      return parseAnswer(response, await textOf(response), path);
    },
    async send(path, tar, line, timeoutMs) {
      const response = await ask('POST', path, { body: tar, timeoutMs });
      if ((response.statusCode ?? 500) >= 300) {
        parseAnswer(response, await textOf(response), path);
        return;
      }
      let failure: string | undefined;
      for await (const text of createInterface({ input: response, crlfDelay: Infinity })) {
        if (text.trim() === '') continue;
        const progress = Progress.parse(JSON.parse(text));
        // The status was sent before the work began, so a failure comes as a line.
        if (progress.error !== undefined) failure = progress.error;
        line(progress);
      }
      if (failure !== undefined) throw new Error(failure);
    },
    async stream(path) {
      const response = await ask('GET', path, { timeoutMs: 600_000 });
      if (response.statusCode !== 200) parseAnswer(response, await textOf(response), path);
      return response;
    },
  };
}

type Ask = { body?: unknown; timeoutMs?: number | undefined };

type Target = { secure: boolean; options: https.RequestOptions };

function parseHost(host: string): Target {
  if (host.startsWith('unix://')) return { secure: false, options: { socketPath: host.slice('unix://'.length) } };
  const url = URL.parse(host.replace(/^tcp:/, 'http:'));
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Error(`DOCKER_HOST is ${host}: this project can use unix:// and tcp:// addresses`);
  }
  const certificates = process.env['DOCKER_CERT_PATH'];
  const secure = url.protocol === 'https:' || Boolean(process.env['DOCKER_TLS_VERIFY']);
  const read = (name: string) => (certificates ? readFileSync(join(certificates, name)) : undefined);
  return {
    secure,
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (secure ? 2376 : 2375),
      ...(secure && certificates ? { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') } : {}),
    },
  };
}

function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  response.setEncoding('utf8');
  for await (const chunk of response) chunks.push(String(chunk));
  return chunks.join('');
}

const Complaint = z.object({ message: z.string() });

function parseAnswer({ statusCode = 500 }: http.IncomingMessage, text: string, path: string): unknown {
  let answer: unknown = text;
  try {
    answer = text === '' ? undefined : JSON.parse(text);
  } catch {
    // Some answers are plain words ("OK").
  }
  if (statusCode < 300) return answer;
  const complaint = Complaint.safeParse(answer).data?.message ?? text;
  throw new Error(`Docker answered ${statusCode} to ${path.split('?')[0]}: ${complaint}`);
}
