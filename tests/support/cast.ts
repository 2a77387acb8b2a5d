import { randomBytes } from 'node:crypto';
import { hashPassword } from '../../api/auth/secrets.ts';
import { makeCompetition, tinyPredictions } from './competitions.ts';
import { makeCourse, makePerson, type Person, type TestCourse } from './people.ts';
import { leaveRun } from './simulated-runs.ts';
import type { System } from './system.ts';

/** Everybody who may ask something of a course. `student` is the one whose submission it is; the others are seen from there. */
export const callers = [
  'anonymous',
  'stranger',
  'student elsewhere',
  'ta elsewhere',
  'instructor elsewhere',
  'student',
  'classmate',
  'ta',
  'instructor',
  'admin',
] as const;
export type Caller = (typeof callers)[number];

/** A course with a competition and a submission that has been run, and the people around it. */
export interface Cast {
  readonly system: System;
  readonly course: TestCourse;
  readonly slug: string;
  readonly submissionId: number;
  readonly student: Person;
  /** With `password`. */
  readonly account: { readonly email: string; readonly password: string };
  person(caller: Caller): Person | undefined;
}

/** Needs a system without a worker: what is submitted stays queued. */
export async function makeCast(system: System): Promise<Cast> {
  const course = await makeCourse(system, { students: 2 });
  const elsewhere = await makeCourse(system, { students: 1 });
  const [student, classmate] = course.students;
  if (!student || !classmate) throw new Error('two students are needed');
  const people: Record<Caller, Person | undefined> = {
    anonymous: undefined,
    stranger: await makePerson(system, undefined, 'student'),
    'student elsewhere': elsewhere.students[0],
    'ta elsewhere': elsewhere.ta,
    'instructor elsewhere': elsewhere.instructor,
    student,
    classmate,
    ta: course.ta,
    instructor: course.instructor,
    admin: await makePerson(system, undefined, 'student', true),
  };
  const slug = await makeCompetition(course);
  const submissionId = (await student.submit(slug, tinyPredictions)).id;
  await leaveRun(system, submissionId, 'what it printed');
  const account = { email: `account-${fresh()}@example.edu`, password: 'long enough for a password' };
  await system.db.prisma.user.create({
    data: { email: account.email, name: 'An account', passwordHash: await hashPassword(account.password) },
  });
  return { system, course, slug, submissionId, student, account, person: (caller) => people[caller] };
}

/** A name that nothing has yet. */
export function fresh(): string {
  return `n${randomBytes(6).toString('hex')}`;
}
