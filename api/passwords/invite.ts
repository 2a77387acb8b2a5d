import type { z } from 'zod';
import { inviteMembers, type Invitation } from '../../core/contract/passwords.ts';
import type { Course, PrismaClient } from '../../core/db/generated/client.ts';
import { post } from '../../core/mail/outbox.ts';
import { recordAct } from '../audit/record.ts';
import { roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { insertLinks, linkUrl } from './links.ts';

interface Inviting {
  readonly course: Course;
  /** Where the links of the answer lead. */
  readonly origin: string;
  /** Where those of a mail lead; undefined: none is sent. */
  readonly mailedOrigin: string | undefined;
  readonly now: Date;
}

/**
 * Makes a link for each of a course's people who has no password. Whoever holds it holds the account: where that is in another course too, it is not
 * for this course's instructor to hold, and is only mailed.
 */
export async function invite(
  prisma: PrismaClient,
  by: Principal,
  { course, origin, mailedOrigin, now }: Inviting,
  { userIds }: Pick<z.output<typeof inviteMembers.schema.body>, 'userIds'>,
): Promise<Invitation[]> {
  return await prisma.$transaction(
    async (tx) => {
      const people = await tx.user.findMany({
        where: {
          passwordHash: null,
          isAdmin: false,
          enrollments: { some: { courseId: course.id, droppedAt: null } },
          ...(userIds && { id: { in: userIds } }),
        },
        include: { enrollments: true },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      });
      const mayHold = people.filter(({ enrollments }) =>
        enrollments.every(({ courseId }) => roleIn(by, courseId) === 'instructor'),
      );
      const held = new Set(mayHold.map(({ id }) => id));
      const reached = people.filter(({ id }) => mailedOrigin !== undefined || held.has(id));
      const links = new Map(
        (
          await insertLinks(
            tx,
            'invite',
            reached.map(({ email }) => email),
            now,
          )
        ).map((link) => [link.email, link]),
      );
      const invitations = people.map(({ id, email, name }) => {
        const link = links.get(email);
        return { link, userId: id, email, name, held: held.has(id) };
      });
      if (mailedOrigin !== undefined)
        await post(
          tx,
          invitations.flatMap(({ email, name, link }) =>
            link ? [letterTo({ email, name, course, url: linkUrl(mailedOrigin, link.token) })] : [],
          ),
        );
      const action = inviteMembers.schema.operationId;
      const subject = `${people.length === 1 ? 'an invitation' : `${people.length} invitations`} to ${course.slug}`;
      const after = { invited: reached.map(({ email }) => email), mailed: mailedOrigin !== undefined };
      await recordAct(tx, by, { courseId: course.id, action, subject, after });
      return invitations.map(({ link, held: mayBeHeld, ...person }) => ({
        ...person,
        mailed: link !== undefined && mailedOrigin !== undefined,
        url: link && mayBeHeld ? linkUrl(origin, link.token) : null,
        expiresAt: link?.expiresAt.toISOString() ?? null,
      }));
    },
    { timeout: 60_000 },
  );
}

function letterTo({ email, name, course, url }: { email: string; name: string; course: Course; url: string }) {
  return {
    to: email,
    subject: `Your account for ${course.title}`,
    text: `Dear ${name},

you have an account for ${course.title}. Set your password here, within two weeks:

${url}

Afterwards you sign in with ${email}.
`,
  };
}
