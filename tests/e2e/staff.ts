import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { hashPassword } from '../../api/auth/secrets.ts';
import { makeCourse, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';
import { findChromium, listenForComplaints, openPage, startBrowser } from './browser.ts';
import { signIn } from './steps.ts';

const password = 'a long enough password';

/** What a test of the pages for staff works with: a course of its own, and one of its staff who signs in to it. */
export interface StaffSuite {
  system(): System;
  course(): TestCourse;
  /** A page of theirs, at a path of the site. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
}

interface Staff {
  readonly role?: 'ta' | 'instructor';
  /** What the browser complains of for a reason. */
  readonly expected?: readonly RegExp[];
}

/** For the surrounding `describe`. All else that the browser complains of fails it. */
export function useStaff(students: number, { role = 'ta', expected = [] }: Staff = {}): StaffSuite {
  const complaints = listenForComplaints();
  complaints.expected.push(...expected);
  let started: { system: System; browser: Browser; course: TestCourse } | undefined;
  const running = () => {
    if (started === undefined) throw new Error('the system has not started');
    return started;
  };
  beforeAll(async () => {
    const system = await startSystem();
    const browser = await startBrowser(findChromium(process.env) ?? '');
    const course = await makeCourse(system, { students });
    const data = { passwordHash: await hashPassword(password) };
    await system.db.prisma.user.update({ where: { id: course[role].id }, data });
    started = { system, browser, course };
  });
  afterAll(async () => {
    await started?.browser.close();
    await started?.system.stop();
    expect(complaints.list).toEqual([]);
  });
  return {
    system: () => running().system,
    course: () => running().course,
    open: async (path, options) => {
      const { system, browser, course } = running();
      const page = await openPage(browser, complaints, options);
      await signIn(page, system.url, { email: course[role].email, password }, path);
      return page;
    },
  };
}
