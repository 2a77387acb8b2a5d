import { quote } from './report.ts';

/** What the classes look like, for a message. */
export type KnownClasses = { names: readonly string[]; numeric: boolean };

/** What is wrong with a label that is not a class. */
export function judgeLabel(text: string): 'not-finite' | 'missing-label' | 'unknown-label' {
  const trimmed = text.trim();
  // The longest of the words below has nine characters; most labels of a spoilt file are told apart by length alone.
  if (trimmed.length > 9) return 'unknown-label';
  if (/^[+-]?(nan|inf|infinity)$/i.test(trimmed)) return 'not-finite';
  return /^(none|null|na|n\/a|<na>|nat)$/i.test(trimmed) ? 'missing-label' : 'unknown-label';
}

/** Says so, and what it may have been meant to be, and how to write that. */
export function explainLabel(text: string, known: KnownClasses): string {
  const said = quote(text);
  switch (judgeLabel(text)) {
    case 'not-finite':
      return `The label is ${said}, not a class. Look for missing or overflowing values in the predictions; ${allowed(known)}.`;
    case 'missing-label':
      return `The label is ${said}, which stands for a missing value. Every row needs a label; ${allowed(known)}.`;
    case 'unknown-label':
      return `The label ${said} is not a class${remedy(text, text.trim(), known)}`;
  }
}

function remedy(text: string, trimmed: string, known: KnownClasses): string {
  const has = (name: string): boolean => known.names.includes(name);
  if (trimmed !== text && has(trimmed)) return `: write ${quote(trimmed)}, without the space around it.`;
  const whole = /^\+?(\d+)\.0*$/.exec(trimmed)?.[1] ?? /^\+?(\d+(?:\.\d+)?e\+?\d+)$/i.exec(trimmed)?.[1];
  const integer = whole === undefined ? undefined : String(Number(whole));
  if (integer !== undefined && has(integer)) return `: write ${integer}; in pandas use .astype(int).`;
  const unpadded = /^\+?0*(\d+)$/.exec(trimmed)?.[1];
  if (unpadded !== undefined && unpadded !== trimmed && has(unpadded))
    return `: write ${unpadded}, without leading zeros or a sign.`;
  if (trimmed.startsWith('tensor(')) return `: write the number only, with .item() or .tolist().`;
  if (/^[[({]|[\])}]$/.test(trimmed)) return `: write the labels without brackets, separated by spaces.`;
  if (/[;|,]/.test(trimmed)) return `: separate ranked labels by spaces.`;
  const sameLetters = known.names.find((name) => name.toLowerCase() === trimmed.toLowerCase());
  if (sameLetters !== undefined) return `: write ${quote(sameLetters)}, in the same case.`;
  return `: ${allowed(known)}.`;
}

function allowed(known: KnownClasses): string {
  if (known.numeric) return `the classes are the whole numbers from 0 to ${known.names.length - 1}`;
  const examples = known.names.slice(0, 3).map(quote).join(', ');
  return known.names.length <= 3
    ? `the classes are ${examples}`
    : `the ${known.names.length} classes are ${examples} and so on`;
}
