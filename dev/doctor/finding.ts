/** What the doctor says about one thing. `warn`: it works, but something will be missing; `fail`: it does not. */
export type Finding = {
  name: string;
  state: 'ok' | 'warn' | 'fail' | 'skipped';
  /** What was found. */
  detail: string;
  /** What to do, where there is something to do. */
  remedy?: string;
};

const words = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL', skipped: '-   ' } as const;

/** One line for each finding, and one below it with the remedy. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, state, detail, remedy }) => [
      `${words[state]}  ${name.padEnd(width)}  ${detail}`,
      ...(remedy === undefined ? [] : [`${' '.repeat(width + 8)}→ ${remedy}`]),
    ])
    .join('\n');
}

/** Answers with a failed finding where looking failed: one thing that is broken must not hide the others. */
export async function look(name: string, remedy: string, find: () => Promise<Finding | Finding[]>): Promise<Finding[]> {
  try {
    return [await find()].flat();
  } catch (error) {
    return [{ name, state: 'fail', detail: error instanceof Error ? error.message : String(error), remedy }];
  }
}
