import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { Problem } from '../../core/contract/problems.ts';

/** Calls the API as one person: `METHOD /path`. @throws for any status but success and those tolerated */
export type Client = (
  call: string,
  init?: RequestInit,
  tolerated?: readonly number[],
) => Promise<{ status: number; body: unknown }>;

/** @param baseUrl where the API answers, without /api/v1 */
export function openClient(baseUrl: string, token: string): Client {
  return async (call, init = {}, tolerated = []) => {
    const [method = 'GET', path = ''] = call.split(' ');
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      ...init,
      method,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
    const body: unknown = await response.json();
    if (response.ok || tolerated.includes(response.status)) return { status: response.status, body };
    const problem = Problem.safeParse(body);
    throw new Error(`${call}: ${response.status} ${problem.success ? problem.data.detail : ''}`);
  };
}

export function json(value: unknown): RequestInit {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

/** A form with files, each under the last part of its path. */
export async function form(...paths: readonly string[]): Promise<RequestInit> {
  const body = new FormData();
  for (const path of paths) body.append('file', await openAsBlob(path), basename(path));
  return { body };
}
