import { Gradebook, type GradebookRow } from '../../core/contract/grades.ts';
import { MyGrade } from '../../core/contract/regrades.ts';
import { hourMs, makeCompetition } from './competitions.ts';
import type { Answer, Client } from './client.ts';
import type { Person, TestCourse } from './people.ts';

/** Half of the points at 0.4, all at 0.8, five for the first and two for the second, and ten for a report. */
export const midtermScheme = {
  performance: {
    anchors: [
      { name: 'baseline', score: 0.4, points: 20 },
      { name: 'target', score: 0.8, points: 40 },
    ],
  },
  bonus: [
    { top: 1, points: 5 },
    { top: 2, points: 2 },
  ],
  rubric: [{ id: 'report', title: 'Report', points: 10 }],
};

/** One public row, and ten private ones that are all of label 1. */
const key = ['id,label,Usage', 'p,1,Public', ...Array.from({ length: 10 }, (_, i) => `s${i},1,Private`)].join('\n');

/** Predictions of which so many of ten private rows are right. */
export function rightOn(count: number): string {
  const rows = Array.from({ length: 10 }, (_, i) => `s${i},${i < count ? 1 : 0}`);
  return `${['id,label', 'p,1', ...rows].join('\n')}\n`;
}

/** A competition of which grades are made, and short ways to do it. */
export interface GradedCompetition {
  readonly slug: string;
  /** Submits, and waits until it is scored. */
  submit(person: Person, right: number): Promise<number>;
  /** Lets the deadline pass, and with it the private scores be revealed. */
  close(): Promise<void>;
  setScheme(scheme: unknown, version?: number): Promise<Answer>;
  gradebook(client?: Client): Promise<Gradebook>;
  rowOf(person: Person): Promise<GradebookRow>;
  release(body?: Record<string, unknown>): Promise<Answer>;
  mine(person: Client): Promise<MyGrade>;
  mark(by: Client, person: Person, body: Record<string, unknown>): Promise<Answer>;
}

/** Needs a system with a worker. */
export async function makeGraded(course: TestCourse): Promise<GradedCompetition> {
  const slug = await makeCompetition(course, { key: `${key}\n`, settings: { metrics: ['top1'], classes: ['0', '1'] } });
  const url = `/competitions/${slug}`;
  const { instructor } = course;
  const must = (answer: Answer, status = 200) => {
    if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
    return answer;
  };
  const gradebook = async (client: Client = course.ta) =>
    Gradebook.parse(must(await client.call(`GET ${url}/grades`)).body);
  return {
    slug,
    submit: async (person, right) => {
      const { id } = await person.submit(slug, rightOn(right));
      await person.finished(id);
      return id;
    },
    close: async () => {
      const [opensAt, dueAt] = [hourMs, 1000].map((agoMs) => new Date(Date.now() - agoMs).toISOString());
      must(await instructor.json(`PATCH ${url}`, { opensAt, dueAt }));
    },
    setScheme: async (scheme, version = 0) => await instructor.json(`PUT ${url}/grade-scheme`, { version, scheme }),
    gradebook,
    rowOf: async (person) => {
      const row = (await gradebook()).rows.find(({ userId }) => userId === person.id);
      if (!row) throw new Error(`${person.name} is not in the gradebook`);
      return row;
    },
    release: async (body = {}) => await instructor.json(`POST ${url}/grades/release`, body),
    mark: async (by, person, body) => await by.json(`PUT ${url}/grades/${person.id}/marks`, body),
    mine: async (person) => MyGrade.parse(must(await person.call(`GET ${url}/my-grade`)).body),
  };
}
