import type { Me } from '../../core/contract/people.ts';
import type { PrismaClient } from '../../core/db/generated/client.ts';

/** A person as they see themselves: a site admin finds every course, as its instructor. */
export async function me(prisma: PrismaClient, userId: number): Promise<Me> {
  const user = await prisma.user.findUniqueOrThrow({
    where: { id: userId },
    include: {
      enrollments: { where: { droppedAt: null }, include: { course: true }, orderBy: { course: { slug: 'asc' } } },
    },
  });
  const courses = user.isAdmin
    ? (await prisma.course.findMany({ orderBy: { slug: 'asc' } })).map((course) => ({
        course,
        role: 'instructor' as const,
      }))
    : user.enrollments;
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    isAdmin: user.isAdmin,
    courses: courses.map(({ course, role }) => ({
      slug: course.slug,
      title: course.title,
      timeZone: course.timeZone,
      role,
    })),
  };
}
