import type { Competition, DataFile, Phase } from '../../core/contract/competitions.ts';
import type { Access } from './access.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { choosePhase, isRevealed, phaseStatus } from './phases.ts';

/** A competition as JSON; the answer key's figures and the files of one that is not open yet are for staff only. */
export function competitionView({ competition, role, isStaff }: Access, now: Date): Competition {
  const opened = isStaff || competition.phases.some((phase) => phaseStatus(phase, now) !== 'upcoming');
  return {
    slug: competition.slug,
    course: competition.course.slug,
    timeZone: competition.course.timeZone,
    title: competition.title,
    description: competition.description,
    kind: competition.kind,
    metrics: competition.metrics,
    primaryMetric: competition.metrics[0] ?? '',
    maxFileBytes: competition.maxFileBytes,
    publishedAt: competition.publishedAt?.toISOString() ?? null,
    phases: competition.phases.map((phase) => phaseView(phase, now, isStaff)),
    currentPhase: choosePhase(competition, now, undefined).slug,
    files: opened ? competition.files.map((file) => fileView(competition.slug, file)) : [],
    role,
  };
}

export function fileView(
  slug: string,
  file: Pick<FullCompetition['files'][number], 'name' | 'bytes' | 'hash'>,
): DataFile {
  return {
    name: file.name,
    bytes: file.bytes,
    sha256: file.hash,
    url: `/api/v1/competitions/${slug}/files/${file.name}`,
  };
}

function phaseView(phase: FullPhase, now: Date, isStaff: boolean): Phase {
  const { answerKey } = phase;
  return {
    slug: phase.slug,
    title: phase.title,
    opensAt: phase.opensAt?.toISOString() ?? null,
    dueAt: phase.dueAt?.toISOString() ?? null,
    revealAt: phase.revealAt?.toISOString() ?? null,
    dailyLimit: phase.dailyLimit,
    totalLimit: phase.totalLimit,
    status: phaseStatus(phase, now),
    revealed: isRevealed(phase, now),
    ...(isStaff && {
      answerKey: answerKey && {
        version: answerKey.hash,
        rows: answerKey.rows,
        publicRows: answerKey.publicRows,
        privateRows: answerKey.privateRows,
        classes: answerKey.classCount,
        createdAt: answerKey.createdAt.toISOString(),
      },
    }),
  };
}
