import { quote, type ProblemCode } from './report.ts';

/** What the classes look like, for a message. */
export type KnownClasses = { names: readonly string[]; numeric: boolean };

/** Explains a label that is not a class: what it may have been meant to be, and how to write that. */
export function explainLabel(text: string, known: KnownClasses): { code: ProblemCode; message: string } {
  const said = quote(text);
  const trimmed = text.trim();
  if (/^[+-]?(nan|inf|infinity)$/i.test(trimmed)) {
    return {
      code: 'not-finite',
      message: `The label is ${said}, not a class. Look for missing or overflowing values in the predictions; ${allowed(known)}.`,
    };
  }
  if (/^(none|null|na|n\/a|<na>|nat)$/i.test(trimmed)) {
    return {
      code: 'missing-label',
      message: `The label is ${said}, which stands for a missing value. Every row needs a label; ${allowed(known)}.`,
    };
  }
  return { code: 'unknown-label', message: `The label ${said} is not a class${remedy(text, trimmed, known)}` };
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
  if (trimmed.includes(';') || trimmed.includes('|')) return `: separate ranked labels by spaces.`;
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
