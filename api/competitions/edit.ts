import type { z } from 'zod';
import { addPhase, createCompetition, editCompetition } from '../../core/contract/competitions.ts';
import { customMetricName } from '../../core/contract/scores.ts';
import { outOfOrder, type PhaseDates } from '../../core/contract/date-order.ts';
import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { keepAllStandings, lockTeams } from '../../core/submissions/standing.ts';
import { changesOf, recordAct, type Actor } from '../audit/record.ts';
import { isUniqueViolation } from '../courses/courses.ts';
import { AppError } from '../errors.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { requirePartsKept } from './parts.ts';
import { refuse } from './refuse.ts';
import { codeData } from './run-settings.ts';

type NewCompetition = z.output<typeof createCompetition.schema.body>;
export type CompetitionEdit = z.output<typeof editCompetition.schema.body>;
type NewPhase = z.output<typeof addPhase.schema.body>;

const defaultMaxFileBytes = 256 * 2 ** 20;

/** Makes a competition with one phase; it is not published. @returns its id */
export async function insertCompetition(
  prisma: PrismaClient,
  by: Actor,
  courseId: number,
  input: NewCompetition,
  maxUploadBytes: number,
): Promise<number> {
  const phase = { ...phaseData(input), ...(await codeData(prisma, input)) };
  requireOrder(phase);
  requireClassesOnce(input.classes);
  const data = {
    courseId,
    slug: input.slug,
    title: input.title,
    description: input.description,
    kind: input.kind,
    metrics: withPrimary(input.metrics, input.primaryMetric),
    classes: input.classes,
    showSmallBoards: input.showSmallBoards,
    maxTeamSize: input.maxTeamSize,
    teamsLockAt: instant(input.teamsLockAt),
    maxFileBytes: boundedFileSize(input.maxFileBytes ?? Math.min(defaultMaxFileBytes, maxUploadBytes), maxUploadBytes),
    phases: { create: { slug: 'main', title: input.title, position: 0, ...phase } },
  };
  return await prisma
    .$transaction(async (tx) => {
      const { id } = await tx.competition.create({ data });
      await recordAct(tx, by, {
        courseId,
        action: createCompetition.schema.operationId,
        subject: `competition ${input.slug}`,
        after: { ...input, course: undefined, slug: undefined },
      });
      return id;
    })
    .catch(refuseTaken(`There is already a competition "${input.slug}" on this server. Choose another slug.`));
}

/** Changes what is given, and leaves the rest. */
export async function updateCompetition(
  prisma: PrismaClient,
  by: Actor,
  { competition, phase }: { competition: FullCompetition; phase: FullPhase },
  edit: CompetitionEdit,
  maxUploadBytes: number,
): Promise<void> {
  const phaseEdit = { ...phaseData(edit), ...(await codeData(prisma, edit, phase)) };
  requireOrder({ ...phase, ...phaseEdit });
  if (edit.classes) requireClassesOnce(edit.classes);
  const { title, description, kind, classes, showSmallBoards, maxTeamSize, teamsLockAt } = edit;
  const metrics = edit.metrics ?? (edit.primaryMetric === undefined ? undefined : competition.metrics);
  if (metrics !== undefined) requireMetricThere(competition, metrics);
  const changes: Prisma.CompetitionUpdateInput = {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(kind !== undefined && { kind }),
    ...(classes !== undefined && { classes }),
    ...(showSmallBoards !== undefined && { showSmallBoards }),
    ...(maxTeamSize !== undefined && { maxTeamSize }),
    ...(teamsLockAt !== undefined && { teamsLockAt: instant(teamsLockAt) }),
    ...(metrics !== undefined && { metrics: withPrimary(metrics, edit.primaryMetric) }),
    ...(edit.maxFileBytes !== undefined && { maxFileBytes: boundedFileSize(edit.maxFileBytes, maxUploadBytes) }),
  };
  await prisma.$transaction(async (tx) => {
    // One change at a time, so that what it was before is what it replaces.
    await tx.$executeRaw`select 1 from competition where id = ${competition.id} for no key update`;
    const before = await settingsOf(tx, competition.id, phase.id);
    await tx.competition.update({ where: { id: competition.id }, data: changes });
    await tx.phase.update({ where: { id: phase.id }, data: phaseEdit });
    if (edit.parts !== undefined) await requirePartsKept(tx, phase.id, edit.parts);
    if (edit.counts !== undefined) {
      await tx.$executeRawUnsafe(lockTeams, phase.id);
      await tx.$executeRawUnsafe(keepAllStandings, phase.id);
    }
    await recordAct(tx, by, {
      courseId: competition.courseId,
      action: editCompetition.schema.operationId,
      subject: `competition ${competition.slug}, phase ${phase.slug}`,
      ...changesOf(before, await settingsOf(tx, competition.id, phase.id)),
    });
  });
}

/** All that can be edited. */
async function settingsOf(tx: Prisma.TransactionClient, competitionId: number, phaseId: number) {
  const competition = await tx.competition.findUniqueOrThrow({
    where: { id: competitionId },
    select: {
      title: true,
      description: true,
      kind: true,
      metrics: true,
      classes: true,
      maxFileBytes: true,
      showSmallBoards: true,
      maxTeamSize: true,
      teamsLockAt: true,
    },
  });
  const phase = await tx.phase.findUniqueOrThrow({
    where: { id: phaseId },
    omit: { id: true, competitionId: true, slug: true, title: true, position: true, answerKeyId: true },
  });
  return { ...competition, ...phase };
}

export async function insertPhase(
  prisma: PrismaClient,
  by: Actor,
  competition: FullCompetition,
  input: NewPhase,
): Promise<void> {
  const phase = { ...phaseData(input), ...(await codeData(prisma, input)) };
  requireOrder(phase);
  const position = Math.max(...competition.phases.map((other) => other.position)) + 1;
  await prisma
    .$transaction(async (tx) => {
      await tx.phase.create({
        data: { competitionId: competition.id, slug: input.slug, title: input.title, position, ...phase },
      });
      await recordAct(tx, by, {
        courseId: competition.courseId,
        action: addPhase.schema.operationId,
        subject: `competition ${competition.slug}, phase ${input.slug}`,
        after: { ...input, slug: undefined },
      });
    })
    .catch(refuseTaken(`This competition already has a phase "${input.slug}". Choose another slug.`));
}

/** Until it is published, `publish` asks for it; after that every submission would fail. */
function requireMetricThere(competition: FullCompetition, metrics: readonly string[]): void {
  if (competition.publishedAt === null || competition.customMetric !== null) return;
  if (metrics.includes(customMetricName))
    refuse([{ path: 'body.metrics', message: `holds ${customMetricName}: upload its file first, PUT …/metric` }]);
}

function refuseTaken(detail: string): (error: unknown) => never {
  return (error) => {
    if (isUniqueViolation(error)) throw new AppError('conflict', detail);
    throw error;
  };
}

type PhaseInput = Pick<
  NewPhase,
  | 'opensAt'
  | 'dueAt'
  | 'lateUntil'
  | 'graceMinutes'
  | 'latePolicy'
  | 'revealAt'
  | 'dailyLimit'
  | 'totalLimit'
  | 'counts'
  | 'selectMax'
  | 'parts'
  | 'attachments'
>;

/** The phase's columns that were given; null takes a date or a limit away. */
function phaseData(input: PhaseInput) {
  return {
    ...(input.opensAt !== undefined && { opensAt: instant(input.opensAt) }),
    ...(input.dueAt !== undefined && { dueAt: instant(input.dueAt) }),
    ...(input.lateUntil !== undefined && { lateUntil: instant(input.lateUntil) }),
    ...(input.graceMinutes !== undefined && { graceMinutes: input.graceMinutes }),
    ...(input.latePolicy !== undefined && { latePolicy: input.latePolicy }),
    ...(input.revealAt !== undefined && { revealAt: instant(input.revealAt) }),
    ...(input.dailyLimit !== undefined && { dailyLimit: input.dailyLimit }),
    ...(input.totalLimit !== undefined && { totalLimit: input.totalLimit }),
    ...(input.counts !== undefined && { counts: input.counts }),
    ...(input.selectMax !== undefined && { selectMax: input.selectMax }),
    ...(input.parts !== undefined && { parts: input.parts }),
    ...(input.attachments !== undefined && { attachments: input.attachments }),
  };
}

function requireOrder(dates: PhaseDates): void {
  refuse(outOfOrder(dates).map(({ path, message }) => ({ path: `body.${path}`, message })));
}

function instant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function requireClassesOnce(classes: readonly string[]): void {
  const seen = new Set<string>();
  const twice = classes.find((label) => seen.size === seen.add(label).size);
  if (twice !== undefined) refuse([{ path: 'body.classes', message: `holds ${JSON.stringify(twice)} twice` }]);
}

function withPrimary(metrics: readonly string[], primary: string | undefined): string[] {
  if (primary === undefined) return [...metrics];
  if (!metrics.includes(primary))
    refuse([{ path: 'body.primaryMetric', message: `must be one of the metrics: ${metrics.join(', ')}` }]);
  return [primary, ...metrics.filter((name) => name !== primary)];
}

function boundedFileSize(bytes: number, most: number): number {
  if (bytes > most) refuse([{ path: 'body.maxFileBytes', message: `is more than this server takes: ${most}` }]);
  return bytes;
}
