import { afterEach, describe, expect, it, vi } from 'vitest';
import { getLeaderboard } from '../../../core/contract/leaderboard.ts';
import { createToken, getMe, signOut } from '../../../core/contract/people.ts';
import { call, urlOf } from './call.ts';
import { ApiProblem } from './problem.ts';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(status === 204 ? null : body, { status })));
}

async function problemFrom(promise: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error('no problem was thrown', { cause: error });
}

describe('urlOf', () => {
  it('fills in and escapes parameters, and leaves out what is undefined', () => {
    const url = urlOf(getLeaderboard, {
      params: { slug: 'a/b?c' },
      query: { phase: undefined, board: 'private', limit: 5 },
    });
    expect(url).toBe('/api/v1/competitions/a%2Fb%3Fc/leaderboard?board=private&limit=5');
  });
});

describe('call', () => {
  it('gives the parsed answer', async () => {
    const me = { id: 1, email: 'ada@example.edu', name: 'Ada', isAdmin: false, courses: [] };
    answer(200, JSON.stringify({ ...me, somethingNew: true }));
    expect(await call(getMe, {})).toEqual(me);
  });

  it('gives null where there is no content', async () => {
    answer(204, '');
    expect(await call(signOut, {})).toBeNull();
  });

  it('throws the server’s own sentence', async () => {
    const problem = {
      type: 'validation-failed',
      title: 'No',
      status: 400,
      detail: 'Give the token a name.',
      errors: [],
    };
    answer(400, JSON.stringify(problem));
    const error = await problemFrom(call(createToken, { body: { name: '' } }));
    expect([error.message, error.problem.type]).toEqual(['Give the token a name.', 'validation-failed']);
  });

  it('words a proxy’s error page itself', async () => {
    answer(502, '<html>Bad gateway</html>');
    expect((await problemFrom(call(getMe, {}))).problem.type).toBe('unavailable');
  });

  it('tells a page that is older than the server', async () => {
    answer(200, '{"id":"one"}');
    expect((await problemFrom(call(getMe, {}))).problem.type).toBe('contract-mismatch');
  });

  it('tells that the server can’t be reached', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    expect((await problemFrom(call(getMe, {}))).problem.type).toBe('unreachable');
  });

  it('lets an aborted call be aborted, not failed', async () => {
    const control = new AbortController();
    control.abort(new Error('left the page'));
    vi.stubGlobal('fetch', () => Promise.reject(control.signal.reason));
    await expect(call(getMe, { signal: control.signal })).rejects.toThrow('left the page');
  });
});
