import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TestCourse } from './people.ts';

const digits = join(import.meta.dirname, '../../examples/digits');

/** A file of the digits data, such as `solution.csv` or `submissions/random_forest.csv`. */
export async function digitsFile(name: string): Promise<string> {
  return await readFile(join(digits, name), 'utf8');
}

export const tinyKey = 'id,label,Usage\na,0,Public\nb,1,Public\nc,2,Private\nd,3,Private\n';
/** Right on a and c: half of each board. */
export const tinyPredictions = 'id,label\na,0\nb,0\nc,2\nd,0\n';

interface CompetitionOptions {
  readonly key?: string;
  readonly published?: boolean;
  readonly settings?: Record<string, unknown>;
}

export const hourMs = 3_600_000;

/** Makes a competition in the four calls, open since an hour ago and due in one. */
export async function makeCompetition(
  course: TestCourse,
  { key = tinyKey, published = true, settings = {} }: CompetitionOptions = {},
): Promise<string> {
  const slug = `c-${randomBytes(5).toString('hex')}`;
  const { instructor } = course;
  const must = async (answer: Promise<{ status: number; text: string }>) => {
    const { status, text } = await answer;
    if (status >= 300) throw new Error(`${status}: ${text}`);
  };
  await must(
    instructor.json('POST /competitions', {
      course: course.slug,
      slug,
      title: 'A competition',
      metrics: ['top1', 'top5'],
      showSmallBoards: true,
      opensAt: new Date(Date.now() - hourMs).toISOString(),
      dueAt: new Date(Date.now() + hourMs).toISOString(),
      ...settings,
    }),
  );
  await must(instructor.upload(`PUT /competitions/${slug}/answer-key`, key, 'solution.csv'));
  await must(instructor.upload(`POST /competitions/${slug}/files`, 'id,x\na,1\n', 'test.csv'));
  if (published) await must(instructor.call(`POST /competitions/${slug}/publish`));
  return slug;
}

/** An answer key of `rows` rows and 100 classes, and predictions that are right on every fourth of them; both boards have half of the rows. */
export function largeFiles(rows: number): { key: string; predictions: string } {
  const key = ['id,label,Usage'];
  const predictions = ['id,label'];
  for (let row = 0; row < rows; row++) {
    const label = (row * 7919) % 100;
    key.push(`row-${row},${label},${row % 2 === 0 ? 'Public' : 'Private'}`);
    predictions.push(`row-${row},${row % 8 < 2 ? label : (label + 1) % 100}`);
  }
  return { key: `${key.join('\n')}\n`, predictions: `${predictions.join('\n')}\n` };
}

/** `tinyPredictions` as a small file that takes long to read: gzip members that unpack to `megabytes` of blank lines. */
export function slowGzip(megabytes: number): Uint8Array<ArrayBuffer> {
  const member = gzipSync(Buffer.alloc(2 ** 25, '\n'), { level: 1 });
  const members = Array.from({ length: Math.ceil(megabytes / 32) }, () => member);
  return new Uint8Array(Buffer.concat([gzipSync(tinyPredictions), ...members]));
}
