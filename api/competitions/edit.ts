import type { z } from 'zod';
import type { addPhase, createCompetition, editCompetition } from '../../core/contract/competitions.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import type { Prisma, PrismaClient } from '../../core/db/generated/client.ts';
import { isUniqueViolation } from '../courses/courses.ts';
import { AppError } from '../errors.ts';
import type { FullCompetition, FullPhase } from './cache.ts';

type NewCompetition = z.output<typeof createCompetition.schema.body>;
export type CompetitionEdit = z.output<typeof editCompetition.schema.body>;
type NewPhase = z.output<typeof addPhase.schema.body>;

const defaultMaxFileBytes = 256 * 2 ** 20;

/** Makes a competition with one phase; it is not published. */
export async function insertCompetition(
  prisma: PrismaClient,
  courseId: number,
  input: NewCompetition,
  maxUploadBytes: number,
): Promise<void> {
  const phase = phaseData(input);
  requireOrder(phase);
  requireClassesOnce(input.classes);
  await prisma.competition
    .create({
      data: {
        courseId,
        slug: input.slug,
        title: input.title,
        description: input.description,
        kind: input.kind,
        metrics: withPrimary(input.metrics, input.primaryMetric),
        classes: input.classes,
        maxFileBytes: boundedFileSize(
          input.maxFileBytes ?? Math.min(defaultMaxFileBytes, maxUploadBytes),
          maxUploadBytes,
        ),
        phases: { create: { slug: 'main', title: input.title, position: 0, ...phase } },
      },
    })
    .catch(refuseTaken(`There is already a competition "${input.slug}" on this server. Choose another slug.`));
}

/** Changes what is given, and leaves the rest. */
export async function updateCompetition(
  prisma: PrismaClient,
  { competition, phase }: { competition: FullCompetition; phase: FullPhase },
  edit: CompetitionEdit,
  maxUploadBytes: number,
): Promise<void> {
  const phaseEdit = phaseData(edit);
  requireOrder({ ...phase, ...phaseEdit });
  if (edit.classes) requireClassesOnce(edit.classes);
  const { title, description, kind, classes } = edit;
  const metrics = edit.metrics ?? (edit.primaryMetric === undefined ? undefined : competition.metrics);
  const changes: Prisma.CompetitionUpdateInput = {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(kind !== undefined && { kind }),
    ...(classes !== undefined && { classes }),
    ...(metrics !== undefined && { metrics: withPrimary(metrics, edit.primaryMetric) }),
    ...(edit.maxFileBytes !== undefined && { maxFileBytes: boundedFileSize(edit.maxFileBytes, maxUploadBytes) }),
  };
  await prisma.$transaction([
    prisma.competition.update({ where: { id: competition.id }, data: changes }),
    prisma.phase.update({ where: { id: phase.id }, data: phaseEdit }),
  ]);
}

export async function insertPhase(prisma: PrismaClient, competition: FullCompetition, input: NewPhase): Promise<void> {
  const phase = phaseData(input);
  requireOrder(phase);
  const position = Math.max(...competition.phases.map((other) => other.position)) + 1;
  await prisma.phase
    .create({ data: { competitionId: competition.id, slug: input.slug, title: input.title, position, ...phase } })
    .catch(refuseTaken(`This competition already has a phase "${input.slug}". Choose another slug.`));
}

function refuseTaken(detail: string): (error: unknown) => never {
  return (error) => {
    if (isUniqueViolation(error)) throw new AppError('conflict', detail);
    throw error;
  };
}

type PhaseInput = Pick<NewPhase, 'opensAt' | 'dueAt' | 'revealAt' | 'dailyLimit' | 'totalLimit'>;

/** The phase's columns that were given; null takes a date or a limit away. */
function phaseData(input: PhaseInput) {
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...(input.opensAt !== undefined && { opensAt: instant(input.opensAt) }),
    ...(input.dueAt !== undefined && { dueAt: instant(input.dueAt) }),
    ...(input.revealAt !== undefined && { revealAt: instant(input.revealAt) }),
    ...(input.dailyLimit !== undefined && { dailyLimit: input.dailyLimit }),
    ...(input.totalLimit !== undefined && { totalLimit: input.totalLimit }),
  };
}

function requireOrder(dates: { opensAt?: Date | null; dueAt?: Date | null; revealAt?: Date | null }): void {
  const { opensAt, dueAt, revealAt } = dates;
  const errors: ProblemItem[] = [];
  if (opensAt && dueAt && dueAt <= opensAt) errors.push({ path: 'body.dueAt', message: 'must be after opensAt' });
  if (dueAt && revealAt && revealAt < dueAt) {
    errors.push({
      path: 'body.revealAt',
      message: 'must not be before dueAt: private scores would be seen while submissions are open',
    });
  }
  refuse(errors);
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

function refuse(errors: readonly ProblemItem[]): void {
  if (errors.length === 0) return;
  throw new AppError('validation-failed', errors.map((item) => `${item.path ?? 'body'} ${item.message}`).join('; '), {
    errors,
  });
}
