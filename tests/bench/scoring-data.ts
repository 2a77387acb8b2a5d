import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

/** A generated answer key and files that predict it: `label` or `label_1` … `label_k`, of `classes` labels. */
export interface Workload {
  readonly name: string;
  readonly key: string;
  readonly k: number;
  readonly classes: number;
  readonly inOrder: string;
  readonly shuffled: string;
}

export interface ArrayWorkload {
  readonly key: string;
  readonly classes: number;
  readonly file: string;
}

/** Changes with the contents, so that files of an older generator are not used. */
const VERSION = 1;

/** The midterm's form: 19 distortions × 5 severities × 10,000 images, one label of 100. */
export function midterm(folder: string): Promise<Workload> {
  const id = (row: number) => {
    const image = row % 10_000;
    const severity = 1 + (Math.floor(row / 10_000) % 5);
    return `distortion${String(Math.floor(row / 50_000)).padStart(2, '0')}_${severity}_${image}`;
  };
  return makeWorkload(folder, { name: 'midterm', rows: 950_000, k: 1, classes: 100, id });
}

/** ImageNet's form: five ranked labels of 1,000. */
export function imagenet(folder: string, rows: number): Promise<Workload> {
  const id = (row: number) => `ILSVRC2012_test_${String(row + 1).padStart(8, '0')}`;
  return makeWorkload(folder, { name: `imagenet-${rows}`, rows, k: 5, classes: 1_000, id });
}

interface Form {
  readonly name: string;
  readonly rows: number;
  readonly k: number;
  readonly classes: number;
  readonly id: (row: number) => string;
}

async function makeWorkload(folder: string, { name, rows, k, classes, id }: Form): Promise<Workload> {
  mkdirSync(folder, { recursive: true });
  const path = (what: string) => join(folder, `${name}-v${VERSION}-${what}.csv`);
  const made = { name, key: path('key'), k, classes, inOrder: path('in-order'), shuffled: path('shuffled') };
  if (existsSync(made.shuffled)) return made;
  const random = createRandom(rows + k);
  const truth = Uint16Array.from({ length: rows }, () => random() * classes);
  const labels = new Uint16Array(rows * k);
  for (let row = 0; row < rows; row++) {
    for (let rank = 0; rank < k; rank++) {
      const at = row * k + rank;
      // A model that is right one time in six, rank by rank, and never names a label twice.
      do labels[at] = random() < 0.15 ? (truth[row] ?? 0) : random() * classes;
      while (labels.subarray(row * k, at).includes(labels[at] ?? 0));
    }
  }
  const header = ['id', ...(k === 1 ? ['label'] : Array.from({ length: k }, (_, i) => `label_${i + 1}`))].join(',');
  const line = (row: number) => `${id(row)},${labels.subarray(row * k, row * k + k).join(',')}`;
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  for (let row = rows - 1; row > 0; row--) {
    const other = Math.floor(random() * (row + 1));
    [order[row], order[other]] = [order[other] ?? 0, order[row] ?? 0];
  }
  await writeLines(
    made.key,
    'id,label,Usage',
    rows,
    (row) => `${id(row)},${truth[row]},${random() < 0.3 ? 'Public' : 'Private'}`,
  );
  await writeLines(made.inOrder, header, rows, line);
  await writeLines(made.shuffled, header, rows, (row) => line(order[row] ?? 0));
  return made;
}

/** 50,000 × 1,000 float32 scores, 200 MB, for the key of the ImageNet form. */
export async function scoresArray(folder: string, { key, classes }: Workload, rows: number): Promise<ArrayWorkload> {
  const file = join(folder, `scores-${rows}-v${VERSION}.npy`);
  if (existsSync(file)) return { key, classes, file };
  const random = createRandom(rows);
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${classes}), }`;
  const header = Buffer.from(`\x93NUMPY\x01\0v\0${dict.padEnd(117)}\n`, 'latin1');
  await write(file, function* () {
    yield header;
    for (let row = 0; row < rows; row += 500) {
      const block = Float32Array.from({ length: Math.min(500, rows - row) * classes }, () => random() * 20 - 10);
      yield Buffer.from(block.buffer);
    }
  });
  return { key, classes, file };
}

async function writeLines(path: string, header: string, rows: number, line: (row: number) => string): Promise<void> {
  await write(path, function* () {
    yield Buffer.from(`${header}\n`);
    for (let from = 0; from < rows; from += 10_000) {
      const count = Math.min(10_000, rows - from);
      yield Buffer.from(`${Array.from({ length: count }, (_, i) => line(from + i)).join('\n')}\n`);
    }
  });
}

/** Under another name until it is whole: a bench that was stopped leaves no half file to measure. */
async function write(path: string, blocks: () => Generator<Buffer>): Promise<void> {
  const file = createWriteStream(`${path}.part`);
  for (const block of blocks()) if (!file.write(block)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
  renameSync(`${path}.part`, path);
}

/** Numbers from 0 to below 1, the same on every machine (xorshift32). */
function createRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
