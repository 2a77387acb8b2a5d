import type { z } from 'zod';
import { addExtension, deleteExtension, type Extension } from '../../core/contract/dates.ts';
import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import type { FullCompetition, FullPhase } from '../competitions/cache.ts';
import { refuse } from '../competitions/refuse.ts';
import { notFound } from '../errors.ts';

type NewExtension = z.output<typeof addExtension.schema.body>;

const everything = { phase: true, user: true, team: true, createdBy: true } as const satisfies Prisma.ExtensionInclude;
type Row = Prisma.ExtensionGetPayload<{ include: typeof everything }>;

/** Newest first. */
export async function readExtensions(prisma: PrismaClient, competitionId: number): Promise<Extension[]> {
  const found = await prisma.extension.findMany({
    where: { phase: { competitionId } },
    include: everything,
    orderBy: { id: 'desc' },
  });
  return found.map(view);
}

interface Target {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
}

/**
 * Gives somebody later dates.
 * @throws validation-failed where they are not later than the class's; not-found where it is no student or team of the course's
 */
export async function insertExtension(
  prisma: PrismaClient,
  by: Actor,
  { competition, phase }: Target,
  { userId, teamId, reason, ...dates }: NewExtension,
): Promise<Extension> {
  const dueAt = dates.dueAt === undefined ? null : new Date(dates.dueAt);
  const lateUntil = dates.lateUntil === undefined ? null : new Date(dates.lateUntil);
  requireLater(phase, dueAt, lateUntil);
  return await prisma.$transaction(async (tx) => {
    await requireStudents(tx, competition, userId, teamId);
    const row = await tx.extension.create({
      data: {
        phaseId: phase.id,
        userId: userId ?? null,
        teamId: teamId ?? null,
        dueAt,
        lateUntil,
        reason,
        createdById: by.userId,
      },
      include: everything,
    });
    await recordAct(tx, by, {
      courseId: competition.courseId,
      action: addExtension.schema.operationId,
      subject: subjectOf(competition, row),
      after: { dueAt, lateUntil, reason },
    });
    return view(row);
  });
}

/** @throws not-found where the competition has none with this id */
export async function removeExtension(
  prisma: PrismaClient,
  by: Actor,
  competition: FullCompetition,
  id: number,
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    // Of two at once, one finds it gone.
    await tx.$executeRaw`select 1 from extension where id = ${id} for update`;
    const row = await tx.extension.findFirst({
      where: { id, phase: { competitionId: competition.id } },
      include: everything,
    });
    if (!row) throw notFound('extension with this id');
    await tx.extension.delete({ where: { id } });
    const { dueAt, lateUntil, reason } = row;
    await recordAct(tx, by, {
      courseId: competition.courseId,
      action: deleteExtension.schema.operationId,
      subject: subjectOf(competition, row),
      before: { dueAt, lateUntil, reason },
    });
  });
}

function requireLater(phase: FullPhase, dueAt: Date | null, lateUntil: Date | null): void {
  if (phase.dueAt === null)
    refuse([{ path: 'body.dueAt', message: 'the phase has no due time, so nobody needs another one' }]);
  else if (dueAt && dueAt <= phase.dueAt)
    refuse([{ path: 'body.dueAt', message: `is not later than for the class: ${phase.dueAt.toISOString()}` }]);
  const due = dueAt ?? phase.dueAt;
  if (lateUntil && due && lateUntil <= due) refuse([{ path: 'body.lateUntil', message: 'must be after the due time' }]);
}

async function requireStudents(
  tx: Prisma.TransactionClient,
  { id: competitionId, courseId, course }: FullCompetition,
  userId: number | undefined,
  teamId: number | undefined,
): Promise<void> {
  if (teamId !== undefined) {
    const team = await tx.team.findFirst({ where: { id: teamId, competitionId, kind: 'students' } });
    if (!team) throw notFound(`team of students with the id ${teamId} in this competition`);
  }
  if (userId === undefined) return;
  const enrollment = await tx.enrollment.findFirst({ where: { courseId, userId, role: 'student', droppedAt: null } });
  if (!enrollment) throw notFound(`student with the id ${userId} in ${course.slug}`);
}

function subjectOf({ slug }: FullCompetition, { phase, user, team }: Row): string {
  const who = user ? `${user.name} <${user.email}>` : `team ${team?.pseudonym ?? ''}`;
  return `extension for ${who}, competition ${slug}, phase ${phase.slug}`;
}

function view({ id, phase, user, team, dueAt, lateUntil, reason, createdAt, createdBy }: Row): Extension {
  return {
    id,
    phase: phase.slug,
    student: user && { userId: user.id, name: user.name, email: user.email },
    team: team && { id: team.id, name: team.pseudonym },
    dueAt: dueAt?.toISOString() ?? null,
    lateUntil: lateUntil?.toISOString() ?? null,
    reason,
    createdAt: createdAt.toISOString(),
    createdBy: createdBy.name,
  };
}
