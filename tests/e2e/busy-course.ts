import { hashPassword } from '../../api/auth/secrets.ts';
import { Regrade } from '../../core/contract/regrades.ts';
import type { Answer } from '../support/client.ts';
import { hourMs, makeCompetition } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import type { System } from '../support/system.ts';

/** An answer key that moves somebody. */
const otherKey = 'id,label,Usage\na,1,Public\nb,1,Public\nc,0,Private\nd,3,Private\n';

/** A course in the middle of its term, in which every page has something to show. */
export interface BusyCourse {
  readonly course: TestCourse;
  /** Open, with parts, attachments, limits, an extension and one submission that was disqualified. */
  readonly open: string;
  /** One of the first student’s there. */
  readonly submission: number;
  /** Closed, revealed and graded by the bank of late days, with a regrade that is asked for and one that is decided. */
  readonly graded: string;
  /** Of another answer key for the open one: who would move. */
  readonly preview: number;
  readonly password: string;
}

const password = 'a long enough password';
const names = ['Ada Lovelace', 'Ben Rivera', 'Chen Wei', 'Dina Haddad', 'Emeka Okafor', 'Fatima al-Zahra of Marrakesh'];

/** @param system with a worker */
export async function makeBusyCourse(system: System): Promise<BusyCourse> {
  const course = await makeCourse(system, { students: names.length });
  await nameAll(system, course);
  await fillCourse(course);
  const open = await makeOpen(course);
  const submission = await submitTo(course, open);
  const graded = await makeGradedOne(course);
  return { course, open, submission, graded, preview: await previewKey(course, open), password };
}

async function must(answer: Promise<Answer>): Promise<Answer> {
  const got = await answer;
  if (got.status >= 300) throw new Error(`${got.status}: ${got.text}`);
  return got;
}

function student({ students }: TestCourse, i: number): Person {
  const found = students[i];
  if (found === undefined) throw new Error(`there is no student ${i}`);
  return found;
}

async function nameAll({ db }: System, course: TestCourse): Promise<void> {
  const passwordHash = await hashPassword(password);
  const people = [...course.students, course.ta, course.instructor];
  const all = [...names, 'Theo Assistant', 'Iris Instructor'];
  for (const [i, { id }] of people.entries())
    await db.prisma.user.update({ where: { id }, data: { name: all[i] ?? '', passwordHash } });
  await db.prisma.course.update({ where: { id: course.id }, data: { title: 'Deep Learning for Data Science' } });
}

async function fillCourse(course: TestCourse): Promise<void> {
  const { instructor, ta, slug } = course;
  const at = `/courses/${slug}`;
  await must(instructor.json(`PATCH ${at}`, { lateBankDays: 3 }));
  for (const name of ['A1', 'B1']) await must(instructor.json(`POST ${at}/sections`, { name }));
  await must(instructor.json(`POST ${at}/join-codes`, { mailDomains: ['bu.edu', 'cs.bu.edu'] }));
  const ids = { studentId: 'U12345678', username: 'ada' };
  await must(instructor.json(`PATCH ${at}/members/${student(course, 0).id}`, ids));
  await must(
    instructor.json(`PUT ${at}/accommodations/${student(course, 3).id}`, { extraDays: 1, reason: 'A letter.' }),
  );
  await must(
    ta.json(`POST ${at}/announcements`, {
      title: 'The midterm is open',
      body: 'Read *the rules* first.\n\n- one\n- two',
    }),
  );
  await must(ta.json(`POST ${at}/announcements`, { title: 'Solutions', body: 'Not yet.', published: false }));
}

async function makeOpen(course: TestCourse): Promise<string> {
  const slug = await makeCompetition(course, {
    settings: {
      title: 'The midterm: out-of-distribution images',
      showSmallBoards: false,
      dailyLimit: 5,
      totalLimit: 50,
      lateUntil: new Date(Date.now() + 48 * hourMs).toISOString(),
      latePolicy: { kind: 'percent', percent: 1, per: 'hour' },
      counts: 'selected',
      parts: [
        { slug: 'simple', title: 'Part 1: simple CNN' },
        { slug: 'deeper', title: 'Part 2: deeper CNN' },
        { slug: 'transfer', title: 'Part 3: transfer learning' },
      ],
      attachments: [
        { id: 'report', title: 'Report', kind: 'file', required: true, endings: ['.pdf'] },
        { id: 'ai-use', title: 'Statement on the use of AI', kind: 'text', required: true },
      ],
    },
  });
  await must(
    course.ta.json(`POST /competitions/${slug}/extensions`, {
      userId: student(course, 1).id,
      dueAt: new Date(Date.now() + 72 * hourMs).toISOString(),
      reason: 'Ill, with a note.',
    }),
  );
  return slug;
}

/** @returns a submission of the first student’s */
async function submitTo(course: TestCourse, slug: string): Promise<number> {
  const sent: number[] = [];
  for (const [i, person] of course.students.entries()) {
    const file = `id,label\na,0\nb,${i % 2}\nc,${i % 3}\nd,${i % 4}\n`;
    const part = ['simple', 'deeper', 'transfer'][i % 3];
    const answer = await must(person.upload(`POST /competitions/${slug}/submissions?part=${part}`, file));
    const { id } = parseId(answer.body);
    await person.finished(id);
    sent.push(id);
  }
  await must(course.ta.json(`POST /submissions/${sent[4]}/disqualify`, { reason: 'The file of another team.' }));
  await must(student(course, 0).call(`PUT /submissions/${sent[0]}/attachments/ai-use`, textOf('None was used.')));
  return sent[0] ?? 0;
}

/** Asks who would move, once everything was scored again. */
async function previewKey({ instructor }: TestCourse, slug: string): Promise<number> {
  const at = `/competitions/${slug}`;
  await must(instructor.json(`POST ${at}/rerun-batches`, { runCode: false }));
  const made = await must(instructor.upload(`POST ${at}/answer-key/previews`, otherKey, 'solution.csv'));
  return parseId(made.body).id;
}

function textOf(body: string): RequestInit {
  return { body, headers: { 'content-type': 'application/octet-stream' } };
}

function parseId(body: unknown): { id: number } {
  if (typeof body !== 'object' || body === null || !('id' in body) || typeof body.id !== 'number')
    throw new Error('this is no receipt');
  return { id: body.id };
}

async function makeGradedOne(course: TestCourse): Promise<string> {
  const { instructor, ta, students } = course;
  const slug = await makeCompetition(course, { settings: { title: 'Homework 3', latePolicy: { kind: 'bank' } } });
  for (const [i, person] of students.slice(0, 5).entries()) {
    const { id } = await person.submit(slug, `id,label\na,0\nb,1\nc,${i % 3}\nd,${i % 4}\n`);
    await person.finished(id);
  }
  const scheme = {
    performance: {
      anchors: [
        { name: 'baseline', score: 0.2, points: 10 },
        { name: 'target', score: 1, points: 40 },
      ],
    },
    bonus: [{ top: 2, points: 5 }],
    rubric: [{ id: 'report', title: 'Report', points: 20, description: 'With an experiment log.' }],
    regradeDays: 7,
  };
  const at = `/competitions/${slug}`;
  await must(instructor.json(`PUT ${at}/grade-scheme`, { version: 0, scheme }));
  const [first, second] = [student(course, 0), student(course, 1)];
  const mark = (points: number, comment: string) => ({ marks: [{ item: 'report', points, comment }] });
  await must(ta.json(`PUT ${at}/grades/${first.id}/marks`, mark(15, 'Clear; the log of experiments is short.')));
  await must(ta.json(`PUT ${at}/grades/${second.id}/marks`, mark(18, '')));
  const past = (hours: number) => new Date(Date.now() - hours * hourMs).toISOString();
  const closed = { opensAt: past(400), dueAt: past(90), lateUntil: past(30) };
  // Over for the one with the accommodation as well.
  await must(instructor.json(`PATCH ${at}`, closed));
  await must(instructor.json(`POST ${at}/grades/release`, { students: [first.id, second.id] }));
  await must(second.json(`POST ${at}/regrades`, { text: 'I think that the rank is wrong.' }));
  const asked = Regrade.parse(
    (await must(first.json(`POST ${at}/regrades`, { text: 'The log has **nine** runs.' }))).body,
  );
  await must(ta.json(`POST /regrades/${asked.id}/messages`, { text: 'Where?' }));
  await must(
    ta.json(`POST /regrades/${asked.id}/decision`, { outcome: 'declined', text: 'Two of them are the same.' }),
  );
  return slug;
}
