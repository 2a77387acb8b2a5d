import type { Me } from '../../core/contract/people.ts';
import type { PrismaClient } from '../../core/db/generated/client.ts';
import type { Principal } from './principals.ts';

type Viewed = Pick<Principal, 'userId' | 'viewer'>;

/** A person as they see themselves: a site admin finds every course, as its instructor; who is looked at by staff, only theirs. */
export async function me(prisma: PrismaClient, { userId, viewer }: Viewed): Promise<Me> {
  const courseId = viewer?.courseId;
  const user = await prisma.user.findUniqueOrThrow({
    where: { id: userId },
    include: {
      enrollments: {
        where: { droppedAt: null, ...(courseId !== undefined && { courseId }) },
        include: { course: true },
        orderBy: { course: { slug: 'asc' } },
      },
    },
  });
  const isAdmin = user.isAdmin && !viewer;
  const found = isAdmin
    ? (await prisma.course.findMany({ orderBy: { slug: 'asc' } })).map((course) => ({
        course,
        role: 'instructor' as const,
      }))
    : user.enrollments;
  const courses = found.map(({ course: { slug, title, timeZone }, role }) => ({ slug, title, timeZone, role }));
  const [viewed] = courses;
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    isAdmin,
    ...(viewer && viewed && { viewingAs: { course: viewed.slug, viewer: viewer.name } }),
    courses,
  };
}
