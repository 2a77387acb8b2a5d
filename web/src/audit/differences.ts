/** One thing that an act changed: undefined where it was not there before, or is not there any more. */
export interface Difference {
  /** `dailyLimit`, `runSettings.limits.memoryMiB`; empty for what has no parts. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What lies between an entry's `before` and `after`, part by part; what is the same in both is left out. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [old, young] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((path) => {
    const [was, is] = [old.get(path), young.get(path)];
    if (was === is) return [];
    if (was === undefined || is === undefined) return [{ path, before: was, after: is }];
    return [{ path, ...withoutSameLines(was, is) }];
  });
}

function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (value === undefined) return new Map();
  if (typeof value === 'string') return new Map([[path, value]]);
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]]);
  const parts: readonly [string, unknown][] = Object.entries(value);
  const isList = Array.isArray(value) && parts.every(([, part]) => typeof part !== 'object');
  if (isList || parts.length === 0) return new Map([[path, JSON.stringify(value)]]);
  return new Map(parts.flatMap(([key, part]) => [...leavesOf(part, path === '' ? key : `${path}.${key}`)]));
}

/** Of long texts only the lines from the first to the last that differ, with one of those around them where there is one. */
function withoutSameLines(before: string, after: string): { before: string; after: string } {
  const [old, young] = [before.split('\n'), after.split('\n')];
  const shorter = Math.min(old.length, young.length);
  let head = 0;
  while (head < shorter && old[head] === young[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === young.at(-1 - tail)) tail += 1;
  const from = Math.max(0, head - 1);
  const cut = (lines: readonly string[]) => {
    const to = Math.min(lines.length, lines.length - tail + 1);
    return [...(from > 0 ? ['…'] : []), ...lines.slice(from, to), ...(to < lines.length ? ['…'] : [])].join('\n');
  };
  return { before: cut(old), after: cut(young) };
}
