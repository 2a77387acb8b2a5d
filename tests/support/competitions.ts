import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCourse } from './people.ts';

const digits = join(import.meta.dirname, '../../prisma/demo/digits');

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
export async function makeCompetition(course: TestCourse, { key = tinyKey, published = true, settings = {} }: CompetitionOptions = {}): Promise<string> {
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
