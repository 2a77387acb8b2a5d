/**
 * Takes from an OpenAPI document, in place, what only machines want: the bounds that zod writes for every integer and the patterns that only repeat
 * a format (the page makes its examples from them), and the shared schemas that nothing refers to (each comes in two versions, for what is sent
 * and for what is answered).
 */
export function tidyDocument(paths: unknown, schemas: Record<string, unknown>): void {
  dropNoise(paths);
  dropNoise(schemas);
  const isUsed = (name: string) =>
    JSON.stringify([paths, schemas]).includes(JSON.stringify(`#/components/schemas/${name}`));
  for (;;) {
    // One that is gone may have been the only one to name another.
    const unused = Object.keys(schemas).filter((name) => !isUsed(name));
    if (unused.length === 0) return;
    for (const name of unused) Reflect.deleteProperty(schemas, name);
  }
}

function dropNoise(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (isNoise(key, inner)) Reflect.deleteProperty(value, key);
    else dropNoise(inner);
  }
}

function isNoise(key: string, value: unknown): boolean {
  return (
    (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) ||
    (key === 'pattern' && typeof value === 'string' && value.length > 200)
  );
}
