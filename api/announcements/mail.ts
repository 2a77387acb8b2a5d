import type { Announcement, Course, Prisma } from '../../core/db/generated/client.ts';

interface Mailing {
  readonly course: Course;
  readonly announcement: Pick<Announcement, 'id' | 'title' | 'body'>;
  /** Where the pages are. */
  readonly publicUrl: string;
}

/** Puts an announcement into the mail of everybody who is in the course now. */
export async function mailAnnouncement(
  tx: Prisma.TransactionClient,
  { course, announcement: { id, title, body }, publicUrl }: Mailing,
): Promise<void> {
  const url = `${publicUrl.replace(/\/$/, '')}/courses/${course.slug}#announcement-${id}`;
  const subject = `${course.title}: ${title}`;
  const text = `${body.trim()}\n\n${url}\n`.trimStart();
  await tx.$executeRaw`
    insert into mail (recipient, subject, text)
    select "user".email, ${subject}, ${text}
    from enrollment
    join "user" on "user".id = enrollment.user_id
    where enrollment.course_id = ${course.id} and enrollment.dropped_at is null`;
}
