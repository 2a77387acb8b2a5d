import { MAX_CLASSES, MAX_NAME_BYTES } from './key-memory.ts';
import { packStrings, sortedPositions } from './packed-ids.ts';
import { counted, quote, type ReportBuilder } from './report.ts';

/**
 * The classes of a key, in the order of the columns of an array of scores.
 *
 * Given ones are taken as they are. Else, if all labels are canonical whole numbers below 65,536, "0" to the largest; else the
 * distinct labels: numbers by value, other text by code point, as Python's `sorted` does.
 */
export function chooseClasses(
  labels: readonly string[],
  given: readonly string[] | undefined,
  report: ReportBuilder,
): string[] {
  if (given !== undefined) return checkGiven(given, report);
  const allNumbers = labels.every((label) => /^(0|[1-9]\d{0,14})$/.test(label));
  const largest = allNumbers ? labels.reduce((most, label) => Math.max(most, Number(label)), 0) : Infinity;
  if (largest < MAX_CLASSES) return Array.from({ length: largest + 1 }, (_, i) => String(i));
  if (labels.length > MAX_CLASSES) report.add('too-many-classes', {}, tooMany(labels.length));
  if (allNumbers) return labels.toSorted((a, b) => Number(a) - Number(b));
  return Array.from(sortedPositions(packStrings(labels)), (position) => labels[position] ?? '');
}

function checkGiven(given: readonly string[], report: ReportBuilder): string[] {
  if (given.length === 0 || given.length > MAX_CLASSES) report.add('too-many-classes', {}, tooMany(given.length));
  const seen = new Set<string>();
  for (const name of given) {
    if (name === '') report.add('bad-class', {}, () => 'A class name is empty.');
    if (seen.has(name)) report.add('bad-class', {}, () => `The class ${quote(name)} is listed twice.`);
    if (new TextEncoder().encode(name).length > MAX_NAME_BYTES)
      report.add('bad-class', {}, () => `The class ${quote(name)} is too long.`);
    seen.add(name);
  }
  return [...given];
}

function tooMany(count: number): () => string {
  return () =>
    `The key has ${counted(count, 'class').replace(/s$/, 'ses')}; between 1 and ${MAX_CLASSES} are possible. Is the label column the right one?`;
}
