import { parseMetric } from '../../../core/scoring/metrics.ts';

/** The rules once more, on strings and maps, as plainly as possible: what the real scorer is compared with. */
export type NaiveKey = {
  rows: { id: string; label: string; usage: 'Public' | 'Private' | 'Ignored' | 'both' }[];
  classes: string[];
};
export type NaiveResult =
  | { kind: 'scored'; hits: Record<string, number[]>; public: Record<string, string>; private: Record<string, string> }
  | { kind: 'rejected'; problems: string[]; count: number };

type Row = { line: number; cells: string[]; broken: boolean };

/** Scores well-formed text (no byte problems); problems are `line:code`, at most ten, missing ids last. */
export function scoreNaively(key: NaiveKey, text: string, metrics: readonly string[]): NaiveResult {
  const problems: string[] = [];
  const [header, ...rows] = parse(text.replace(/^\uFEFF/, ''));
  const names = header?.cells ?? [];
  const idField = names.indexOf('id');
  const single = names.indexOf('label');
  const ranked = Array.from({ length: 100 }, (_, i) => names.indexOf(`label_${i + 1}`)).filter((field) => field >= 0);
  const seen = new Map<string, string[]>();
  const known = new Set(key.rows.map(({ id }) => id));
  const classes = new Set(key.classes);
  for (const { line, cells, broken } of rows) {
    const id = cells[idField] ?? '';
    if (broken) {
      problems.push(`${line}:bad-quote`);
    } else if (cells.length !== names.length) {
      problems.push(`${line}:wrong-field-count`);
      if (known.has(id)) seen.set(id, []);
    } else if (id === '') problems.push(`${line}:empty-id`);
    else if (!known.has(id)) problems.push(`${line}:unknown-id`);
    else if (seen.has(id)) problems.push(`${line}:duplicate-id`);
    else {
      const cell = cells[single] ?? '';
      const given =
        single < 0
          ? ranked.map((field) => cells[field] ?? '')
          : classes.has(cell)
            ? [cell]
            : cell.split(' ').filter((part) => part !== '');
      const labels = given.slice(0, given.findLastIndex((label) => label !== '') + 1);
      seen.set(id, labels);
      const problem = findLabelProblem(labels, classes);
      if (problem !== undefined) problems.push(`${line}:${problem}`);
    }
  }
  if (rows.length === 0) problems.push('1:no-rows');
  else if (key.rows.some(({ id }) => !seen.has(id))) problems.push('-:missing-id');
  if (problems.length > 0) return { kind: 'rejected', problems: problems.slice(0, 10), count: problems.length };

  const share = (name: string, board: string): string => {
    const counted = key.rows.filter(({ usage }) => usage === 'both' || usage === board);
    const hits = counted.filter(({ id, label }) => isHit(seen.get(id), label, name)).length;
    return `${hits}/${counted.length}`;
  };
  return {
    kind: 'scored',
    hits: Object.fromEntries(
      metrics.map((name) => [name, key.rows.map(({ id, label }) => (isHit(seen.get(id), label, name) ? 1 : 0))]),
    ),
    public: Object.fromEntries(metrics.map((name) => [name, share(name, 'Public')])),
    private: Object.fromEntries(metrics.map((name) => [name, share(name, 'Private')])),
  };
}

function isHit(labels: string[] | undefined, label: string, metric: string): boolean {
  return labels?.slice(0, parseMetric(metric)?.k).includes(label) ?? false;
}

function findLabelProblem(labels: string[], classes: ReadonlySet<string>): string | undefined {
  if (labels.length === 0) return 'missing-label';
  for (const [i, label] of labels.entries()) {
    if (label === '') return 'missing-label';
    if (!classes.has(label)) {
      if (/^[+-]?(nan|inf|infinity)$/i.test(label.trim())) return 'not-finite';
      return /^(none|null|na|n\/a|<na>|nat)$/i.test(label.trim()) ? 'missing-label' : 'unknown-label';
    }
    if (labels.indexOf(label) < i) return 'repeated-label';
    if (i >= 100) return 'too-many-labels';
  }
  return undefined;
}

/** All records that are not blank, by one regular expression a field. */
function parse(text: string): Row[] {
  const rows: Row[] = [];
  const field = /("(?:[^"]|"")*")?([^,\r\n]*)(,|\r\n|\n|\r|$)/y;
  let line = 1;
  let start = 1;
  let row: Row = { line: 1, cells: [], broken: false };
  let raw = '';
  while (field.lastIndex < text.length || raw.endsWith(',')) {
    const match = field.exec(text);
    if (match === null) break;
    const [all, quoted, plain = '', end] = match;
    raw += all;
    row.cells.push(quoted === undefined ? plain : quoted.slice(1, -1).replaceAll('""', '"'));
    if (quoted !== undefined && plain !== '') row.broken = true;
    line += all.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (raw.trim() !== '' || raw.replaceAll(/[\r\n]/g, '') !== '') rows.push({ ...row, line: start });
    start = line;
    row = { line, cells: [], broken: false };
    raw = '';
    if (end === '') break;
  }
  return rows;
}
