import { Problem, type ProblemType } from '../../../core/contract/problems.ts';
import { jsonOf } from './json.ts';

type KnownType = ProblemType | 'unreachable' | 'contract-mismatch';

/** A request that failed. `message` is a sentence for a person: the server's own where it gave one. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = 'ApiProblem';
    this.problem = problem;
  }
}

export function isProblem(error: unknown, type: KnownType): error is ApiProblem {
  return error instanceof ApiProblem && error.problem.type === type;
}

/** The problem that a failed response tells; a proxy's page is not one, so it is worded here. */
export function problemOf(status: number, text: string): ApiProblem {
  const parsed = Problem.safeParse(jsonOf(text));
  if (parsed.success) return new ApiProblem(parsed.data);
  return new ApiProblem({
    type: status >= 500 ? 'unavailable' : 'internal',
    title: 'The service is not available right now',
    status,
    detail: `The server answered ${status} without saying why. Try again in a minute.`,
  });
}

/** No answer came: the network, or the server, is down. */
export function unreachable(cause?: unknown): ApiProblem {
  return new ApiProblem(
    {
      type: 'unreachable',
      title: 'The server can’t be reached',
      status: 0,
      detail: 'The server can’t be reached. Check your connection and try again.',
    },
    { cause },
  );
}

/** A sentence for a person, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiProblem
    ? error.message
    : 'Something unexpected happened in this page. Reload it and try again.';
}
