import type { z } from 'zod';
import {
  createAnnouncement,
  deleteAnnouncement,
  editAnnouncement,
  type Announcement,
} from '../../core/contract/announcements.ts';
import type { Announcement as Row, Course, Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { changesOf, recordAct, type Actor } from '../audit/record.ts';
import type { Config } from '../config.ts';
import { AppError, notFound } from '../errors.ts';
import { mailAnnouncement } from './mail.ts';

interface Page {
  readonly courseId: number;
  /** With the drafts. */
  readonly isStaff: boolean;
  readonly skip: number;
  readonly limit: number;
}

/** The drafts, newest first, then what was published, newest first. */
export async function readAnnouncements(
  prisma: PrismaClient,
  { courseId, isStaff, skip, limit }: Page,
): Promise<Announcement[]> {
  const found = await prisma.announcement.findMany({
    where: { courseId, ...(!isStaff && { publishedAt: { not: null } }) },
    orderBy: [{ publishedAt: { sort: 'desc', nulls: 'first' } }, { id: 'desc' }],
    skip,
    take: limit,
  });
  return found.map(view);
}

/** Where an announcement is made or changed. */
interface Placed {
  readonly course: Course;
  /** Everybody is mailed it, unless they were. */
  readonly mail: Config['mail'];
}

export async function insertAnnouncement(
  prisma: PrismaClient,
  by: Actor,
  { course, mail }: Placed,
  { title, body, published }: z.output<typeof createAnnouncement.schema.body>,
  now: Date,
): Promise<Announcement> {
  if (mail && !published) throw draftIsNotMailed();
  const courseId = course.id;
  return await prisma.$transaction(async (tx) => {
    const row = await tx.announcement.create({
      data: { courseId, title, body, publishedAt: published ? now : null, mailedAt: mail ? now : null },
    });
    if (mail) await mailAnnouncement(tx, { course, announcement: row, publicUrl: mail.publicUrl });
    const action = createAnnouncement.schema.operationId;
    await recordAct(tx, by, { courseId, action, subject: subjectOf(row), after: settingsOf(row) });
    return view(row);
  });
}

interface Target {
  readonly courseId: number;
  readonly id: number;
}

/**
 * Changes what is given. Publishing what is published leaves its time as it is.
 * @throws not-found where the course has none with this id
 */
export async function updateAnnouncement(
  prisma: PrismaClient,
  by: Actor,
  { course, id, mail }: Placed & { readonly id: number },
  { title, body, published }: z.output<typeof editAnnouncement.schema.body>,
  now: Date,
): Promise<Announcement> {
  const courseId = course.id;
  return await prisma.$transaction(async (tx) => {
    const before = await lock(tx, { courseId, id });
    const publishedAt = published === undefined ? before.publishedAt : published ? (before.publishedAt ?? now) : null;
    const edited = (title ?? before.title) !== before.title || (body ?? before.body) !== before.body;
    const seen = before.publishedAt !== null && publishedAt !== null;
    const editedAt = publishedAt === null ? null : edited && seen ? now : before.editedAt;
    if (mail && publishedAt === null) throw draftIsNotMailed();
    const mailedAt = before.mailedAt ?? (mail ? now : null);
    const row = await tx.announcement.update({
      where: { id },
      data: {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { body }),
        publishedAt,
        editedAt,
        mailedAt,
      },
    });
    if (mail && before.mailedAt === null)
      await mailAnnouncement(tx, { course, announcement: row, publicUrl: mail.publicUrl });
    const action = editAnnouncement.schema.operationId;
    const changes = changesOf(settingsOf(before), settingsOf(row));
    await recordAct(tx, by, { courseId, action, subject: subjectOf(row), ...changes });
    return view(row);
  });
}

/**
 * Takes an announcement away; what it said stays in the audit log.
 * @throws not-found where the course has none with this id
 */
export async function removeAnnouncement(prisma: PrismaClient, by: Actor, { courseId, id }: Target): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const row = await lock(tx, { courseId, id });
    await tx.announcement.delete({ where: { id } });
    const action = deleteAnnouncement.schema.operationId;
    await recordAct(tx, by, { courseId, action, subject: subjectOf(row), before: settingsOf(row) });
  });
}

/** One change at a time, so that what it was before is what is replaced. */
async function lock(tx: Prisma.TransactionClient, { courseId, id }: Target): Promise<Row> {
  await tx.$executeRaw`select 1 from announcement where id = ${id} and course_id = ${courseId} for update`;
  const row = await tx.announcement.findUnique({ where: { id, courseId } });
  if (!row) throw notFound('announcement with this id');
  return row;
}

function draftIsNotMailed(): AppError {
  return new AppError(
    'validation-failed',
    'body.mail: a draft is not mailed. Publish it, or leave the mail for later.',
  );
}

function subjectOf({ id, title }: Row): string {
  return `announcement ${id}: ${title}`;
}

function settingsOf({ title, body, publishedAt, mailedAt }: Row) {
  return { title, body, publishedAt, ...(mailedAt && { mailedAt }) };
}

function view({ id, title, body, publishedAt, editedAt, mailedAt }: Row): Announcement {
  return {
    id,
    title,
    body,
    publishedAt: publishedAt?.toISOString() ?? null,
    editedAt: editedAt?.toISOString() ?? null,
    mailedAt: mailedAt?.toISOString() ?? null,
  };
}
