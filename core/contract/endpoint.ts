import type { z } from 'zod';

/**
 * An endpoint is the object that Fastify's `route()` takes, minus the handler. The api spreads it and adds the handler, the OpenAPI
 * document comes from it, and the web calls it with `call(endpoint, input)`: nothing is generated and nothing is written twice.
 */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: `/api/v1/${string}`;
  readonly schema: EndpointSchema;
}

export interface EndpointSchema {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly Tag[];
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: Readonly<Record<number, z.ZodType>>;
  /** Of a protocol that is not ours to describe: not in the OpenAPI document. */
  readonly hide?: boolean;
  /** The body is a file: sent as `multipart/form-data` or as the raw bytes. Described in the OpenAPI document, read by a stream. */
  readonly upload?: {
    readonly fields: readonly string[];
    /** Further files that a form may hold, beside `file`. */
    readonly files?: readonly string[];
  };
  /** The answer is not JSON: the type of what is sent. */
  readonly produces?: readonly string[];
}

export type Tag =
  | 'Sign-in'
  | 'Courses'
  | 'Competitions'
  | 'Submissions'
  | 'Teams'
  | 'Leaderboard'
  | 'Grades'
  | 'Runs'
  | 'Live';
