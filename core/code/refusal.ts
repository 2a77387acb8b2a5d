import type { ProblemItem } from '../contract/problems.ts';
import { quote } from '../scoring/report.ts';

/** Why code is not taken. `code` is for programs, `path` the entry of an archive, the message for the person who made it. */
export class CodeRefused extends Error {
  readonly errors: readonly ProblemItem[];

  constructor(errors: readonly ProblemItem[]) {
    super(errors[0]?.message ?? 'the code was refused');
    this.errors = errors;
  }
}

export type CodeProblem =
  | 'empty-file'
  | 'too-large'
  | 'not-code'
  | 'not-utf8'
  | 'nul-byte'
  | 'not-python'
  | 'bad-notebook'
  | 'bad-zip'
  | 'too-many-entries'
  | 'bad-name'
  | 'name-clash'
  | 'not-a-file'
  | 'encrypted'
  | 'compression'
  | 'overlap'
  | 'ratio'
  | 'nested-archive'
  | 'no-entry-point'
  | 'entry-points';

export function refuse(code: CodeProblem, message: string, path?: string): CodeRefused {
  return new CodeRefused([problem(code, message, path)]);
}

/** The entry's name may hold anything: it is made fit to be shown. */
export function problem(code: CodeProblem, message: string, path?: string): ProblemItem {
  return { code, message, ...(path !== undefined && { path: quote(path).slice(1, -1) }) };
}

/** `2.5 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en-US', { maximumSignificantDigits: 3 })} MB`;
}
