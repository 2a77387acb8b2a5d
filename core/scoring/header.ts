import type { KeyColumns } from './key-memory.ts';
import { MAX_LABELS } from './metrics.ts';
import { counted, quote, type ProblemCode } from './report.ts';

/** Where a predictions file keeps the id and the labels, by field number from 0. */
export type PredictionColumns = {
  names: string[];
  id: number;
  /** Best label first. */
  labels: number[];
  /** One cell holds all labels, separated by spaces. */
  list: boolean;
  extra: string[];
};

export type HeaderProblem = { code: ProblemCode; column?: string; message: string };
export type Header = { kind: 'columns'; columns: PredictionColumns } | { kind: 'problem'; problem: HeaderProblem };

/** Reads the header of a predictions file. Names match exactly; near misses are explained, not guessed. */
export function readHeader(names: string[], key: KeyColumns): Header {
  const wanted = `The header must be ${key.id},${key.list ?? key.label} or ${key.id},${key.label}_1,${key.label}_2,…`;
  if (names.length === 1) return problem(singleColumn(names[0] ?? '', wanted));
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined && isOurs(twice, key)) {
    return problem(`Two columns are called ${quote(twice)}. Keep one of them.`, twice);
  }
  const id = names.indexOf(key.id);
  if (id < 0) return missingId(names, key, wanted);

  const lists = names.flatMap((name, i) => (name === key.label || name === key.list ? [i] : []));
  const ranked = new Map(names.flatMap((name, i) => rankOf(name, key.label).map((rank) => [rank, i] as const)));
  if (lists.length > 1 || (lists.length === 1 && ranked.size > 0)) {
    const both = names
      .filter((name, i) => i !== id && isOurs(name, key))
      .map(quote)
      .join(' and ');
    return problem(
      `The columns ${both} both hold labels. Keep either ${quote(key.label)} or ${key.label}_1, ${key.label}_2, ….`,
    );
  }
  const labels = lists.length === 1 ? lists : Array.from({ length: ranked.size }, (_, i) => ranked.get(i + 1) ?? -1);
  if (labels.length === 0) return missingLabel(names, key, wanted);
  const hole = labels.indexOf(-1);
  if (hole >= 0) {
    const start = ranked.has(0) ? ' Ranks start at 1.' : '';
    return problem(
      `The column ${quote(`${key.label}_${hole + 1}`)} is missing: ranked labels are numbered without a gap.${start}`,
    );
  }
  if (labels.length > MAX_LABELS) {
    const message = `The file has ${counted(labels.length, 'label column')}; at most ${MAX_LABELS} are read. Keep the best ${MAX_LABELS}.`;
    return { kind: 'problem', problem: { code: 'too-many-labels', message } };
  }
  const used = new Set([id, ...labels]);
  const extra = names.filter((_, i) => !used.has(i));
  return { kind: 'columns', columns: { names, id, labels, list: lists.length === 1, extra } };
}

function problem(message: string, column?: string): Header {
  const code = 'wrong-columns';
  return { kind: 'problem', problem: column === undefined ? { code, message } : { code, column, message } };
}

function isOurs(name: string, key: KeyColumns): boolean {
  return name === key.id || name === key.label || name === key.list || rankOf(name, key.label).length > 0;
}

/** `[3]` for `label_3`, nothing for other names. */
function rankOf(name: string, label: string): number[] {
  const digits = name.startsWith(`${label}_`) ? name.slice(label.length + 1) : '';
  return /^(0|[1-9]\d{0,3})$/.test(digits) ? [Number(digits)] : [];
}

function singleColumn(name: string, wanted: string): string {
  const separator = [';', '\t', '|'].find((candidate) => name.includes(candidate));
  if (separator !== undefined) {
    const spoken = separator === '\t' ? 'tabs' : `"${separator}"`;
    return `The first line is ${quote(name)}: its columns are separated by ${spoken}. Write commas; in pandas leave sep at its default. ${wanted}.`;
  }
  return `The first line holds one column, ${quote(name)}. ${wanted}.`;
}

function missingId(names: string[], key: KeyColumns, wanted: string): Header {
  const near = names.find((name) => isNear(name, key.id));
  if (near !== undefined)
    return problem(
      `The id column is called ${quote(near)}. Rename it to ${quote(key.id)}, in the same case and without spaces.`,
      near,
    );
  const found = `The first line is ${quote(names.join(','))}`;
  if (names[0] === '' || names[0] === 'Unnamed: 0') {
    return problem(
      `${found}: the column without a name is the index of a data frame, and no column is called ${quote(key.id)}. ` +
        `Name it: df.to_csv(path, index_label="${key.id}"), or make the ids a column and use index=False.`,
    );
  }
  return problem(
    `${found}: no column is called ${quote(key.id)}. ${wanted}. If the first line is data already, put the header above it.`,
  );
}

function missingLabel(names: string[], key: KeyColumns, wanted: string): Header {
  const accepted = [key.label, ...(key.list === undefined ? [] : [key.list]), `${key.label}_1`];
  for (const name of names) {
    const meant = accepted.find((candidate) => isNear(name, candidate));
    if (meant === undefined) continue;
    return problem(
      `The label column is called ${quote(name)}. Rename it to ${quote(meant)}, in the same case and without spaces.`,
      name,
    );
  }
  return problem(`No column holds the labels: the first line is ${quote(names.join(','))}. ${wanted}.`);
}

function isNear(name: string, wanted: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replaceAll(/[\s_'"\uFEFF-]/g, '');
  return bare(name) === bare(wanted);
}
