import { newToken, tokenHash } from '../../api/auth/secrets.ts';
import { fresh, type Cast } from './cast.ts';
import type { Rule } from './permissions.ts';

/** Who may call the endpoints about a course's people. */
export const peopleRules: Readonly<Record<string, Rule>> = {
  editMember: {
    for: 'its instructors',
    filling: ({ student }) => ({ params: { id: student.id }, json: { studentId: fresh() } }),
  },
  exportRoster: { for: 'its staff' },
  previewRoster: { for: 'its instructors', filling: () => ({ query: 'drop=false', file: roster(fresh()) }) },
  importRoster: {
    for: 'its instructors',
    filling: async (cast) => {
      const file = roster(fresh());
      return { query: `drop=false&state=${await stateOf(cast, file)}`, file };
    },
  },
  listSections: { for: 'its staff' },
  createSection: { for: 'its instructors', filling: () => ({ json: { name: fresh() } }) },
  renameSection: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherSection(cast) }, json: { name: fresh() } }),
  },
  deleteSection: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await anotherSection(cast) } }),
  },

  beginViewing: { for: 'its staff', filling: ({ student }) => ({ json: { userId: student.id }, session: true }) },
  endViewing: { for: 'the signed-in' },

  inviteMembers: {
    for: 'its instructors',
    filling: async ({ course }) => ({ json: { userIds: [(await course.add('student')).id] } }),
  },
  createPasswordLink: { for: 'site admins', filling: ({ account }) => ({ json: { email: account.email } }) },
  forgotPassword: { for: 'everybody', filling: () => ({ json: { email: `${fresh()}@example.edu` } }) },
  getPasswordLink: { for: 'everybody', filling: async (cast) => ({ params: { token: await anotherLink(cast) } }) },
  setPassword: {
    for: 'everybody',
    filling: async (cast) => ({ json: { token: await anotherLink(cast), password: 'long enough for a password' } }),
  },

  listJoinCodes: { for: 'its staff' },
  createJoinCode: { for: 'its instructors', filling: () => ({ json: { mailDomains: ['example.edu'] } }) },
  revokeJoinCode: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: (await anotherCode(cast)).id } }),
  },
  getJoinCode: { for: 'everybody', filling: async (cast) => ({ params: { code: (await anotherCode(cast)).code } }) },
  askToJoin: {
    for: 'everybody',
    filling: async (cast) => ({
      params: { code: (await anotherCode(cast)).code },
      json: { email: `${fresh()}@example.edu`, name: 'Somebody' },
    }),
  },
  joinCourse: {
    for: 'the signed-in',
    // Of another course: who has joined this one would no longer be a stranger to it.
    filling: async (cast) => ({ params: { code: (await anotherCode(cast, await anotherCourse(cast))).code } }),
  },
};

function roster(name: string): string {
  return `email,name\n${name}@example.edu,Somebody\n`;
}

async function stateOf({ course }: Cast, file: string): Promise<string> {
  const answer = await course.instructor.upload(`POST /courses/${course.slug}/roster/preview?drop=false`, file);
  return /"state":"([\w-]+)"/.exec(answer.text)?.[1] ?? '';
}

async function anotherSection({ course, system }: Cast): Promise<number> {
  return (await system.db.prisma.section.create({ data: { courseId: course.id, name: fresh() } })).id;
}

async function anotherLink({ system }: Cast): Promise<string> {
  const email = `${fresh()}@example.edu`;
  const token = newToken();
  await system.db.prisma.user.create({ data: { email, name: 'Somebody' } });
  await system.db.prisma.passwordLink.create({
    data: { purpose: 'invite', email, tokenHash: tokenHash(token), expiresAt: new Date(Date.now() + 3_600_000) },
  });
  return token;
}

async function anotherCode({ course, system }: Cast, courseId = course.id): Promise<{ id: number; code: string }> {
  const data = { courseId, code: fresh().toUpperCase(), mailDomains: ['example.edu', 'secret-mail.example'] };
  return await system.db.prisma.joinCode.create({ data });
}

async function anotherCourse({ system }: Cast): Promise<number> {
  const data = { slug: fresh(), title: 'Another course', timeZone: 'UTC' };
  return (await system.db.prisma.course.create({ data })).id;
}
