/** What can be wrong with a file. The code is for programs, the message for the person who made the file. */
export type ProblemCode =
  | 'too-large'
  | 'empty-file'
  | 'no-rows'
  | 'too-many-rows'
  | 'truncated'
  | 'not-csv'
  | 'bad-gzip'
  | 'not-utf8'
  | 'utf-16'
  | 'utf-32'
  | 'wrong-columns'
  | 'wrong-field-count'
  | 'bad-quote'
  | 'line-too-long'
  | 'empty-id'
  | 'unknown-id'
  | 'duplicate-id'
  | 'missing-id'
  | 'missing-label'
  | 'unknown-label'
  | 'repeated-label'
  | 'too-many-labels'
  | 'not-finite'
  | 'bad-npy'
  | 'npy-dtype'
  | 'npy-order'
  | 'npy-shape'
  | 'bad-usage'
  | 'bad-class'
  | 'too-long-name'
  | 'too-many-classes';

/** Lines count from 1, the header included. `column` is a column's name; in an array, `row` and `column` are its indices, from 0. */
export type FileProblem = { code: ProblemCode; line?: number; row?: number; column?: string; message: string };
/** At most ten problems, and how many more there are. */
export type FileReport = { errors: FileProblem[]; moreErrors: number };

export type Place = { line?: number; row?: number; column?: string };

const MAX_LISTED = 10;

export type ReportBuilder = {
  /** Adds a problem; the message is only built when it will be listed, a file may hold a million. */
  add(code: ProblemCode, place: Place, message: () => string): void;
  /** Adds the problem that ended the reading; it is listed in any case, in place of the tenth if need be. */
  end(code: ProblemCode, place: Place, message: string): void;
  count(): number;
  report(): FileReport;
};

export function createReport(): ReportBuilder {
  const errors: FileProblem[] = [];
  let count = 0;
  return {
    add(code, place, message) {
      if (errors.length < MAX_LISTED) errors.push({ code, ...place, message: message() });
      count++;
    },
    end(code, place, message) {
      if (errors.length === MAX_LISTED) errors.pop();
      errors.push({ code, ...place, message });
      count++;
    },
    count: () => count,
    report: () => ({ errors, moreErrors: count - errors.length }),
  };
}

const MAX_QUOTED = 60;

/**
 * Text from a file as it may stand in a message: in quotes, at most 60 characters, control, bidirectional and other invisible
 * characters escaped, so that it can neither reorder the sentence nor reach a terminal.
 */
export function quote(text: string): string {
  const characters = Array.from(text.slice(0, 4 * MAX_QUOTED));
  const kept = characters.slice(0, MAX_QUOTED).join('');
  const escaped = kept.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, escapeCharacter);
  return `"${escaped}${characters.length > MAX_QUOTED ? '…' : ''}"`;
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** `1 row`, `2 rows`, `1,000 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
