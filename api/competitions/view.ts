import type { Competition, DataFile } from '../../core/contract/competitions.ts';
import type { Phase } from '../../core/contract/phases.ts';
import { LatePolicy } from '../../core/contract/dates.ts';
import { viewMine, type DatesByPhase, type PersonalDates } from '../dates/mine.ts';
import { attachmentFieldsOf } from '../submissions/attachments.ts';
import type { Access } from './access.ts';
import type { FullCompetition, FullPhase } from './cache.ts';
import { customMetricOf } from './custom-metric.ts';
import { laptopCommand } from './laptop.ts';
import { partsOf } from './parts.ts';
import { choosePhase, isRevealed, phaseStatus } from './phases.ts';
import { whatIsMissing } from './missing.ts';
import { acceptsCode, runSettingsOf } from './run-settings.ts';

/** A competition as JSON; the answer key's figures and the files of one that is not open yet are for staff only. */
export function competitionView(granted: Access, now: Date, mine: DatesByPhase): Competition {
  const { competition, role, isStaff } = granted;
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
    customMetric: customMetricView(competition, isStaff),
    maxFileBytes: competition.maxFileBytes,
    showSmallBoards: competition.showSmallBoards,
    maxTeamSize: competition.maxTeamSize,
    teamsLockAt: competition.teamsLockAt?.toISOString() ?? null,
    publishedAt: competition.publishedAt?.toISOString() ?? null,
    phases: competition.phases.map((phase) => phaseView(phase, now, isStaff, mine.get(phase.id))),
    currentPhase: choosePhase(competition, now, undefined).slug,
    files: opened ? visibleFiles(granted).map((file) => fileView(competition, file)) : [],
    role,
    ...(isStaff && competition.publishedAt === null && { missing: whatIsMissing(competition) }),
  };
}

/** The only place that decides who hears of a competition's files: what only graded runs may see is for staff. */
export function visibleFiles({
  competition,
  isStaff,
}: Pick<Access, 'competition' | 'isStaff'>): FullCompetition['files'] {
  return isStaff ? competition.files : competition.files.filter((file) => !file.hidden);
}

function customMetricView(competition: FullCompetition, isStaff: boolean): Competition['customMetric'] {
  const metric = customMetricOf(competition);
  if (metric === null) return null;
  const { fileName, higherIsBetter, hash } = metric;
  return { fileName, higherIsBetter, ...(isStaff && { sha256: hash }) };
}

export function fileView({ slug, phases }: FullCompetition, file: FullCompetition['files'][number]): DataFile {
  const phase = phases.find(({ id }) => id === file.phaseId);
  return {
    name: file.name,
    bytes: file.bytes,
    sha256: file.hash,
    url: `/api/v1/competitions/${slug}/files/${file.name}`,
    ...(file.hidden && { hidden: true }),
    ...(phase && { phase: phase.slug }),
  };
}

function phaseView(phase: FullPhase, now: Date, isStaff: boolean, mine: PersonalDates | undefined): Phase {
  const { answerKey } = phase;
  return {
    slug: phase.slug,
    title: phase.title,
    opensAt: phase.opensAt?.toISOString() ?? null,
    dueAt: phase.dueAt?.toISOString() ?? null,
    lateUntil: phase.lateUntil?.toISOString() ?? null,
    graceMinutes: phase.graceMinutes,
    latePolicy: LatePolicy.parse(phase.latePolicy),
    revealAt: phase.revealAt?.toISOString() ?? null,
    revealsAt: phase.revealsAt?.toISOString() ?? null,
    ...(mine && { mine: viewMine(phase, mine) }),
    dailyLimit: phase.dailyLimit,
    totalLimit: phase.totalLimit,
    counts: phase.counts,
    selectMax: phase.selectMax,
    parts: partsOf(phase),
    attachments: attachmentFieldsOf(phase),
    status: phaseStatus({ ...phase, ...mine }, now),
    revealed: isRevealed(phase, now),
    accepts: phase.accepts,
    ...codeView(phase, isStaff),
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

function codeView(phase: FullPhase, isStaff: boolean): Partial<Phase> {
  const runSettings = acceptsCode(phase.accepts) ? runSettingsOf(phase) : undefined;
  if (runSettings === undefined) return {};
  return {
    runSettings,
    laptopCommand: laptopCommand(runSettings, phase.accepts),
    ...(isStaff && { imageDigest: phase.imageDigest }),
  };
}
