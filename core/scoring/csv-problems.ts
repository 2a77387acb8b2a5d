import { MAX_RECORD_BYTES } from './csv-record.ts';
import type { Job } from './job.ts';
import { NOT_SEEN } from './job.ts';
import { idsOfRows } from './key-reader.ts';
import { counted, quote, type ProblemCode } from './report.ts';

export function unterminatedQuote(): [ProblemCode, string] {
  return [
    'truncated',
    'A quote is opened here and never closed: the file is cut off, or a quote is missing. Write the file again.',
  ];
}

export function tooManyRows(ids: number, rows: number): [ProblemCode, string] {
  return [
    'too-many-rows',
    `The file holds more than ${counted(rows, 'row')} for ${counted(ids, 'id')}; the rest was not read. Write one row for each id of the sample submission.`,
  ];
}

export function longLine(): [ProblemCode, string] {
  return [
    'line-too-long',
    `The line is longer than ${counted(MAX_RECORD_BYTES, 'byte')}. Write one row a line, the lines separated by line ends.`,
  ];
}

export function notUtf8(at: number, invalid: number): [ProblemCode, string] {
  return [
    'not-utf8',
    `Byte ${invalid - at + 1} of the line is not UTF-8 text. Save the file as UTF-8: in pandas df.to_csv(path, index=False), in Excel "CSV UTF-8".`,
  ];
}

export function extraColumns(extra: string[]): string {
  const named = extra.slice(0, 3).map((name) => (name === '' ? 'one without a name' : quote(name)));
  const more = extra.length > 3 ? ` and ${extra.length - 3} more` : '';
  const index =
    extra.includes('') || extra.includes('Unnamed: 0')
      ? ' A column without a name is often the index of a data frame: df.to_csv(path, index=False).'
      : '';
  return `Extra columns are ignored: ${named.join(', ')}${more}.${index}`;
}

export function reportMissingIds(job: Job): void {
  const { ranks } = job;
  const examples: number[] = [];
  let missing = 0;
  for (let row = ranks.indexOf(NOT_SEEN); row >= 0; row = ranks.indexOf(NOT_SEEN, row + 1)) {
    if (examples.length < 3) examples.push(row);
    missing++;
  }
  if (missing === 0) return;
  job.report.add('missing-id', { column: job.key.columns.id }, () => {
    const names = idsOfRows(job.key, examples).map(quote).join(', ');
    const verb = missing === 1 ? 'has' : 'have';
    return `${missing.toLocaleString('en-US')} of the ${counted(job.key.rows, 'id')} ${verb} no row${missing > 3 ? ', such as' : ':'} ${names}. Predict every id of the sample submission.`;
  });
}
