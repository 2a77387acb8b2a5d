import type { z } from 'zod';
import { Problem } from '../../core/contract/problems.ts';

/** A server's API, as the holder of a token. Whatever it refuses is thrown as an error with its sentence. */
export interface Remote {
  get<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>>;
  /** As `get`; undefined: there is no such thing. */
  find<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T> | undefined>;
  /** A file to be read bit by bit; undefined: I may not see it. */
  download(path: string): Promise<ReadableStream<Uint8Array> | undefined>;
  send(method: 'POST' | 'PATCH' | 'PUT', path: string, json?: unknown): Promise<void>;
  /** @returns the answer, JSON */
  upload(method: 'POST' | 'PUT', path: string, query: Readonly<Record<string, string>>, file: Blob): Promise<unknown>;
}

/** @param url of the server, such as https://topk.example.edu */
export function openRemote(url: string, token: string): Remote {
  const ask = async (path: string, init: RequestInit, headers: Record<string, string> = {}) =>
    await fetch(`${url.replace(/\/$/, '')}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...headers },
    }).catch((error: unknown) => {
      throw new Error(`${url} does not answer`, { cause: error });
    });
  const find: Remote['find'] = async (path, schema) => {
    const response = await ask(path, {});
    if (response.status === 404) return undefined;
    await requireOk(response);
    return schema.parse(await response.json());
  };
  return {
    find,
    get: async (path, schema) => {
      const found = await find(path, schema);
      if (found === undefined) throw new Error(`there is nothing at ${path}`);
      return found;
    },
    download: async (path) => {
      const response = await ask(path, {});
      if (response.status === 403) return undefined;
      await requireOk(response);
      return response.body ?? new ReadableStream({ start: (controller) => controller.close() });
    },
    send: async (method, path, json) => {
      const body = json === undefined ? {} : { body: JSON.stringify(json) };
      const headers = json === undefined ? {} : { 'content-type': 'application/json' };
      await requireOk(await ask(path, { method, ...body }, headers));
    },
    upload: async (method, path, query, file) => {
      const search = new URLSearchParams(query).toString();
      const headers = { 'content-type': 'application/octet-stream' };
      const response = await ask(`${path}?${search}`, { method, body: file }, headers);
      await requireOk(response);
      return await response.json();
    },
  };
}

async function requireOk(response: Response): Promise<void> {
  if (response.ok) return;
  const text = await response.text();
  let problem: unknown;
  try {
    problem = JSON.parse(text);
  } catch {
    throw new Error(`the server answered ${response.status}: ${text.slice(0, 200)}`);
  }
  const parsed = Problem.safeParse(problem);
  if (!parsed.success) throw new Error(`the server answered ${response.status}`);
  const { detail, errors = [] } = parsed.data;
  const places = errors.map(
    ({ path, line, message }) => `  ${path ?? ''}${line === undefined ? '' : `line ${line}`} ${message}`,
  );
  throw new Error([detail, ...places].join('\n'));
}
