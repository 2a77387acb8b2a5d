import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KaggleError } from '../../core/contract/kaggle.ts';
import { Problem } from '../../core/contract/problems.ts';
import { callers, makeCast, type Cast } from '../support/cast.ts';
import { endpoints, kaggleEndpoints } from '../support/endpoints.ts';
import { audiences } from '../support/audiences.ts';
import { callAs, endpointOf, ruleOf, rules } from '../support/permissions.ts';
import { mailEnvironment, startSystem, type System } from '../support/system.ts';

/** Outside the contract: what the operator's tools ask, the API's own pages, the Python client, and the web; and what says that a remote call is not known. */
const openToAll =
  /^(GET \/(healthz|readyz|metrics|api\/openapi\.json|api\/docs(\/.*)?|client\/topk\.py|\*|[^/]*|assets\/[^/]*)|POST \/api\/v1\/:service\(.*\)\/:method)$/;

describe('who may call what', () => {
  let system: System;
  let cast: Cast;
  beforeAll(async () => {
    system = await startSystem({ worker: false, environment: mailEnvironment });
    cast = await makeCast(system);
  });
  afterAll(async () => await system.stop());

  it('is said of every route that is served, and of no other', () => {
    const said = Object.keys(rules).map((operationId) => {
      const { method, url } = endpointOf(operationId);
      return `${method} ${url}`;
    });
    const served = system.routes.filter((route) => !route.startsWith('HEAD ') && !openToAll.test(route));
    expect(served.toSorted()).toEqual(said.toSorted());
  });

  it.each([...endpoints, ...kaggleEndpoints].map((endpoint) => [endpoint.schema.operationId, endpoint] as const))(
    '%s: each role, of the course and of another',
    async (_operationId, endpoint) => {
      const expected = audiences[ruleOf(endpoint).for];
      const got: Record<string, string> = {};
      for (const caller of callers) got[caller] = outcomeOf(await callAs(cast, endpoint, caller));
      expect(got).toEqual(expected);
    },
  );

  it('lists to each only what they may open', async () => {
    for (const call of ['GET /courses', 'GET /competitions']) {
      for (const caller of ['stranger', 'student elsewhere', 'ta elsewhere', 'instructor elsewhere'] as const) {
        const text = (await cast.person(caller)?.call(call))?.text;
        expect(text, `${call} of ${caller}`).not.toContain(cast.course.slug);
        expect(text, `${call} of ${caller}`).not.toContain(cast.slug);
      }
      expect((await cast.student.call(call)).text).toContain(cast.course.slug);
      expect((await cast.person('admin')?.call(call))?.text).toContain(cast.course.slug);
    }
  });

  it('leaves everybody their own tokens: another’s is not found', async () => {
    const { prisma } = system.db;
    const { id } = await prisma.apiToken.findFirstOrThrow({ where: { userId: cast.student.id } });
    for (const caller of ['classmate', 'ta', 'instructor', 'admin'] as const)
      expect((await cast.person(caller)?.call(`DELETE /tokens/${id}`))?.status, caller).toBe(404);
    expect((await cast.student.call('GET /me')).status).toBe(200);
  });
});

/** Anything else is told as it is, so that a failing test says what came. */
function outcomeOf({ status, text }: { status: number; text: string }): string {
  if (status >= 200 && status < 300) return 'done';
  const problem = Problem.safeParse(parsed(text)).data;
  const failure = KaggleError.safeParse(parsed(text)).data;
  const type = problem?.type ?? (failure?.code === status ? kaggleOutcomes[status] : undefined);
  return type && /^(unauthenticated|forbidden|not-found)$/.test(type) ? type : `${status} ${text.slice(0, 200)}`;
}

const kaggleOutcomes: Readonly<Record<number, string>> = { 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found' };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
