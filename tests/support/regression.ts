import { makeCompetition } from './competitions.ts';
import { metricThat } from './fake-scorer.ts';
import type { Person, TestCourse } from './people.ts';

/** Two targets per row, none of them a label. */
export const regressionKey = 'id,y,spread,Usage\na,0.5,1,Public\nb,1.5,1,Public\nc,2,1,Private\nd,4,1,Private\n';
/** Off by so much on each row. */
export const off = (by: number) =>
  `id,y\n${Object.entries({ d: 4, c: 2, b: 1.5, a: 0.5 })
    .map(([id, y]) => `${id},${y + by}\n`)
    .join('')}`;

export async function putMetric(by: Person, slug: string, content: string | Uint8Array<ArrayBuffer>, query = '') {
  return await by.upload(`PUT /competitions/${slug}/metric${query}`, content, 'mae.py');
}

/** A published competition that only its own metric scores, by an error that is to be small. */
export async function makeRegression(course: TestCourse, metric = metricThat()): Promise<string> {
  const { instructor } = course;
  const slug = await makeCompetition(course, {
    key: regressionKey,
    settings: { metrics: ['custom'] },
    published: false,
  });
  const put = await putMetric(instructor, slug, metric, '?higherIsBetter=false');
  if (put.status !== 200) throw new Error(put.text);
  const published = await instructor.call(`POST /competitions/${slug}/publish`);
  if (published.status !== 200) throw new Error(published.text);
  return slug;
}
