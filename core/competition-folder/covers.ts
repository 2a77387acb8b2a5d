/** Whether all that is given is so on the server, which may say more: defaults of what was left out. Times are compared as such. */
export function covers(there: unknown, given: unknown): boolean {
  if (Array.isArray(given))
    return Array.isArray(there) && there.length === given.length && given.every((part, i) => covers(there[i], part));
  if (isRecord(given))
    return isRecord(there) && Object.entries(given).every(([name, part]) => covers(there[name], part));
  if (typeof given === 'string' && typeof there === 'string' && /^\d{4}-\d\d-\d\dT/.test(given))
    return Date.parse(given) === Date.parse(there);
  return given === there;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
