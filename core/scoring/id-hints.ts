import { quote } from './report.ts';

/** Explains an id that is not in the key: what it may have been meant to be, and how to write that. */
export function explainId(text: string, isKnown: (id: string) => boolean): string {
  const trimmed = text.trim();
  const said = `The id ${quote(text)} is not one of the ids to predict`;
  if (trimmed !== text && isKnown(trimmed)) return `${said}: write ${quote(trimmed)}, without the space around it.`;
  const integer = /^(\d+)\.0+$/.exec(trimmed)?.[1];
  if (integer !== undefined && isKnown(integer)) {
    return `${said}: write ${integer}; in pandas use .astype(int) on the id column.`;
  }
  const stem = /^(?:.*[\\/])?([^\\/]+?)(?:\.\w{1,5})?$/.exec(trimmed)?.[1];
  if (stem !== undefined && stem !== text && isKnown(stem)) {
    return `${said}: write ${quote(stem)}, without folder and file extension.`;
  }
  return `${said}. Take the ids from the sample submission, unchanged.`;
}
