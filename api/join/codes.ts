import { randomInt } from 'node:crypto';
import type { z } from 'zod';
import { createJoinCode, revokeJoinCode, type JoinCode } from '../../core/contract/joining.ts';
import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError, notFound } from '../errors.ts';

const withSection = { section: true } as const;
type Row = Prisma.JoinCodeGetPayload<{ include: typeof withSection }>;

/** Those in force, newest first. */
export async function readCodes(prisma: PrismaClient, courseId: number, now: Date): Promise<JoinCode[]> {
  const found = await prisma.joinCode.findMany({
    where: { courseId, ...inForce(now) },
    include: withSection,
    orderBy: { id: 'desc' },
  });
  return found.map(view);
}

/** @throws not-found for a section that the course does not have, validation-failed for an end that has passed */
export async function insertCode(
  prisma: PrismaClient,
  by: Actor,
  courseId: number,
  { mailDomains, sectionId, expiresAt }: z.output<typeof createJoinCode.schema.body>,
  now: Date,
): Promise<JoinCode> {
  const until = expiresAt === null ? null : new Date(expiresAt);
  if (until && until <= now) throw new AppError('validation-failed', 'body.expiresAt: this time has passed already');
  return await prisma.$transaction(async (tx) => {
    if (sectionId !== null && !(await tx.section.findUnique({ where: { id: sectionId, courseId } })))
      throw notFound('section with this id');
    const data = { courseId, code: newCode(), mailDomains: [...new Set(mailDomains)], sectionId, expiresAt: until };
    const made = view(await tx.joinCode.create({ data, include: withSection }));
    const action = createJoinCode.schema.operationId;
    await recordAct(tx, by, { courseId, action, subject: `join code ${made.id}`, after: settingsOf(made) });
    return made;
  });
}

/** @throws not-found where the course has none with this id in force */
export async function revokeCode(
  prisma: PrismaClient,
  by: Actor,
  { courseId, id }: { readonly courseId: number; readonly id: number },
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const ended = await tx.$executeRaw`
      update join_code set revoked_at = now() where id = ${id} and course_id = ${courseId} and revoked_at is null`;
    if (ended === 0) throw notFound('join code with this id');
    const row = await tx.joinCode.findUniqueOrThrow({ where: { id }, include: withSection });
    const action = revokeJoinCode.schema.operationId;
    await recordAct(tx, by, { courseId, action, subject: `join code ${id}`, before: settingsOf(view(row)) });
  });
}

export type CodeInForce = Prisma.JoinCodeGetPayload<{ include: { course: true } }>;

/** Undefined also where it was revoked, or its time is over. */
export async function findCodeInForce(prisma: PrismaClient, code: string, now: Date): Promise<CodeInForce | undefined> {
  const where = { code: code.trim().toUpperCase(), ...inForce(now) };
  return (await prisma.joinCode.findFirst({ where, include: { course: true } })) ?? undefined;
}

/** @throws forbidden for an address of another mail domain */
export function requireDomain({ mailDomains }: Pick<CodeInForce, 'mailDomains'>, email: string): void {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (!mailDomains.some((allowed) => domain === allowed || domain.endsWith(`.${allowed}`)))
    throw new AppError(
      'forbidden',
      `Only addresses of ${mailDomains.join(', ')} may join by this code; yours is ${email}.`,
    );
}

function inForce(now: Date) {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}

/** Without letters and digits that look alike: 50 bits. */
export function newCode(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Without the code: the log is read by all staff, for ever. */
function settingsOf({ mailDomains, section, expiresAt }: JoinCode) {
  return { mailDomains, section: section?.name ?? null, expiresAt };
}

function view({ id, code, mailDomains, section, createdAt, expiresAt }: Row): JoinCode {
  return {
    id,
    code,
    mailDomains,
    section: section && { id: section.id, name: section.name },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}
