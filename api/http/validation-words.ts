const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What zod says by itself, and how it is put to a person. The first that matches counts. */
const phrases: readonly (readonly [RegExp, (...groups: string[]) => string])[] = [
  [/^Invalid input: expected \w+, received undefined$/, () => 'is missing'],
  [/^Invalid input: expected (\w+), received .*$/, (expected = '') => `must be ${nouns[expected] ?? expected}`],
  [/^Invalid option: expected one of (.+)$/, (options = '') => `must be one of ${options.replaceAll('|', ', ')}`],
  [/^Unrecognized keys?: (.+)$/, (keys = '') => `nothing here is called ${keys.replaceAll(', ', ' or ')}`],
  [/^Too small: expected string to have >=1 characters$/, () => 'must not be empty'],
  [/^Too small: expected \w+ to have >=(\d+ \w+)$/, (least = '') => `must have at least ${least}`],
  [/^Too big: expected \w+ to have <=(\d+ \w+)$/, (most = '') => `must have at most ${most}`],
  [/^Too small: expected \w+ to be >=(\S+)$/, (least = '') => `must be at least ${least}`],
  [/^Too big: expected \w+ to be <=(\S+)$/, (most = '') => `must be at most ${most}`],
];

/** A message of zod's in plain words, to be read after the name of the field; one that the contract gives itself stays as it is. */
export function inWords(message: string): string {
  for (const [pattern, say] of phrases) {
    const match = pattern.exec(message);
    if (match !== null) return say(...match.slice(1));
  }
  return message;
}
