import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** One line of the table. */
export interface Row {
  readonly name: string;
  /** A median, a percentile or a rate, as `name` says. */
  readonly value: number;
  readonly unit: string;
  /** What it is held against, measured in the same run. */
  readonly peer?: { readonly name: string; readonly value: number };
  /** What was promised, and whether this run kept it. */
  readonly target?: { readonly text: string; readonly met: boolean };
}

/** Takes what the suites measured. Rows are told at once, since a whole run takes minutes, and shown together at the end. */
export interface Report {
  suite(name: string): void;
  add(row: Row): void;
  /** A sentence below the suite's rows: how it was measured, what limits it. */
  note(text: string): void;
  print(): void;
}

interface Section {
  readonly name: string;
  readonly rows: Row[];
  readonly notes: string[];
}

export function createReport(write: (line: string) => void): Report {
  const sections: Section[] = [];
  const current = () => {
    const section = sections.at(-1);
    if (section === undefined) throw new Error('a row came before its suite');
    return section;
  };
  return {
    suite: (name) => {
      sections.push({ name, rows: [], notes: [] });
      write(`\n… ${name}`);
    },
    add: (row) => {
      current().rows.push(row);
      write(`  ${cells(row).filter(Boolean).join('  ')}`);
    },
    note: (text) => {
      current().notes.push(text);
    },
    print: () => {
      write(`\n${machine()}`);
      for (const section of sections) for (const line of table(section)) write(line);
    },
  };
}

function table({ name, rows, notes }: Section): string[] {
  const lines = [['', 'value', 'against', 'ratio', 'target'], ...rows.map(cells)];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const aligned = lines.map((line) =>
    line
      .map((text, column) =>
        column === 1 || column === 3 ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return ['', `## ${name}`, ...aligned, ...notes.map((note) => `- ${note}`)];
}

function cells({ name, value, unit, peer, target }: Row): string[] {
  return [
    name,
    `${figure(value)} ${unit}`,
    peer ? `${peer.name}: ${figure(peer.value)} ${unit}` : '',
    peer ? `${(value / peer.value).toFixed(2)}×` : '',
    target ? `${target.text}: ${target.met ? 'met' : 'MISSED'}` : '',
  ];
}

/** Three digits that count, and no exponent. */
function figure(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const [load = 0] = loadavg();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, Node ${process.versions.node}, load ${load.toFixed(1)} at the end (the benches' own included)`;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest value that `p` % of the values do not exceed (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN;
}
