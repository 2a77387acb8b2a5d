import type { z } from 'zod';
import { jsonOf } from './json.ts';
import { ApiProblem, problemOf, unreachable } from './problem.ts';

/** The part of an endpoint that a caller needs, with the types of what it takes and gives. */
interface Callable<Params, Query, Body, Answer> extends Located<Params, Query> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly schema: {
    readonly params?: z.ZodType<unknown, Params>;
    readonly querystring?: z.ZodType<unknown, Query>;
    readonly body?: z.ZodType<unknown, Body>;
    readonly response: Answers<Answer>;
  };
}

/** Answers to a request that went well. The browser itself turns a 304 into the 200 that it kept. */
interface Answers<Answer> {
  readonly 200?: z.ZodType<Answer>;
  readonly 201?: z.ZodType<Answer>;
  readonly 202?: z.ZodType<Answer>;
  readonly 204?: z.ZodType<Answer>;
}

interface Located<Params, Query> {
  readonly url: string;
  readonly schema: {
    readonly params?: z.ZodType<unknown, Params>;
    readonly querystring?: z.ZodType<unknown, Query>;
  };
}

/** What an endpoint without the schema infers as `unknown` may be left out; all else is required as its schema says. */
type Place<Params, Query> = (unknown extends Params ? { params?: undefined } : { params: Params }) & { query?: Query };
type Input<Params, Query, Body> = Place<Params, Query> &
  (unknown extends Body ? { body?: undefined } : { body: Body }) & {
    /** Sent as it is, in place of a body. */
    file?: File;
    signal?: AbortSignal;
  };

/**
 * Calls an endpoint of the contract and re-parses the answer with its own schema. Throws an `ApiProblem`, whose message is the server's
 * sentence; its type is `unreachable` when no answer came, and `contract-mismatch` when this page is older than the server.
 */
export async function call<Params, Query, Body, Answer>(
  endpoint: Callable<Params, Query, Body, Answer>,
  input: Input<Params, Query, Body>,
): Promise<Answer> {
  const response = await send(addressOf(endpoint.url, input.params, input.query), {
    method: endpoint.method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(input.file === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.file === undefined ? {} : { body: input.file }),
    ...(input.signal ? { signal: input.signal } : {}),
  });
  if (!response.ok) throw problemOf(response.status, await response.text());
  return parseAnswer(endpoint.schema.response, response.status, response.status === 204 ? '' : await response.text());
}

/** Parses an answer's text with the schema of its status; no text is null. */
export function parseAnswer<Answer>(answers: Answers<Answer>, status: number, text: string): Answer {
  const schemas = new Map([
    [200, answers[200]],
    [201, answers[201]],
    [202, answers[202]],
    [204, answers[204]],
  ]);
  const parsed = schemas.get(status)?.safeParse(text === '' ? null : jsonOf(text));
  if (parsed?.success) return parsed.data;
  throw new ApiProblem({
    type: 'contract-mismatch',
    title: 'This page is older than the server',
    status,
    detail: 'The server’s answer has an unexpected form. Reload the page; if that does not help, tell your instructor.',
  });
}

/** The address of an endpoint, for links, streams and uploads. */
export function urlOf<Params, Query>(endpoint: Located<Params, Query>, input: Place<Params, Query>): string {
  return addressOf(endpoint.url, input.params, input.query);
}

function addressOf(url: string, params: unknown, query: unknown): string {
  const values = entriesOf(params);
  const path = url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(plain(values.get(name))));
  const search = new URLSearchParams();
  for (const [name, value] of entriesOf(query)) if (value !== undefined) search.set(name, plain(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function entriesOf(value: unknown): Map<string, unknown> {
  return new Map(Object.entries(value ?? {}));
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw unreachable(cause);
  }
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`an address can’t hold ${typeof value}`);
}
