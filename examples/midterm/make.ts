import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname, join } from 'node:path';

const distortions = 19;
const severities = 5;
const classes = 100;
const combinations = distortions * severities;
/** Every image in every distortion and severity. */
const allRows = combinations * 10_000;
const publicShare = 0.3;
/** What the course published as its benchmark: the share of right labels, on both boards. */
const benchmark = 0.397;

/**
 * `npm run midterm`: makes the files of the midterm that are too large to be kept, always the same. The labels are made up; ids, their order, the number of
 * rows and of classes, and the size of a submission are those of the course.
 * @param rows at most 950,000, in whole images: a multiple of 95
 */
export async function makeMidterm(folder: string, rows: number = allRows): Promise<void> {
  if (!Number.isInteger(rows) || rows < combinations || rows > allRows || rows % combinations !== 0)
    throw new Error(`rows must be a multiple of ${combinations}, from ${combinations} to ${allRows}`);
  const images = rows / combinations;
  const random = createRandom(542);
  const labels = Array.from({ length: images }, () => Math.floor(random() * classes));
  const files = {
    solution: await open(join(folder, 'solution.csv'), 'id,label,Usage'),
    sample: await open(join(folder, 'data/sample_submission.csv'), 'id,label'),
    baseline: await open(join(folder, 'baselines/benchmark.csv'), 'id,label'),
  };
  const seen = { Public: 0, Private: 0 };
  for (let distortion = 0; distortion < distortions; distortion += 1) {
    for (let severity = 1; severity <= severities; severity += 1) {
      const [solution, sample, baseline]: string[][] = [[], [], []];
      for (const [image, label] of labels.entries()) {
        const id = `distortion${String(distortion).padStart(2, '0')}_${severity}_${image}`;
        const usage = random() < publicShare ? 'Public' : 'Private';
        // As many of each board are right, to the row.
        const isRight = Math.floor((seen[usage] + 1) * benchmark) > Math.floor(seen[usage] * benchmark);
        seen[usage] += 1;
        solution?.push(`${id},${label},${usage}\n`);
        sample?.push(`${id},0\n`);
        baseline?.push(`${id},${isRight ? label : (label + 1 + Math.floor(random() * (classes - 1))) % classes}\n`);
      }
      await write(files.solution, solution);
      await write(files.sample, sample);
      await write(files.baseline, baseline);
    }
  }
  for (const file of Object.values(files)) await once(file.end(), 'finish');
}

async function open(path: string, header: string): Promise<WriteStream> {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path);
  await once(file, 'open');
  file.write(`${header}\n`);
  return file;
}

async function write(file: WriteStream, lines: readonly string[] = []): Promise<void> {
  if (!file.write(lines.join(''))) await once(file, 'drain');
}

/** Numbers from 0 to 1, the same ones for a seed on every machine: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (import.meta.main) {
  const rows = process.argv[2] === undefined ? allRows : Number(process.argv[2]);
  await makeMidterm(import.meta.dirname, rows);
  console.log(`made the midterm of ${rows.toLocaleString('en-US')} rows in ${import.meta.dirname}`);
}
