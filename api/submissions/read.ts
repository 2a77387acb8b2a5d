import { z } from 'zod';
import { LatePolicy, type Lateness } from '../../core/contract/dates.ts';
import { Attachment, AttachmentFields } from '../../core/contract/attachments.ts';
import { SubmissionState, type Submission } from '../../core/contract/submissions.ts';
import { ProblemItem } from '../../core/contract/problems.ts';
import { Board, Scores } from '../../core/contract/scores.ts';
import { RunSettings, SubmissionKind, SubmissionNeeds } from '../../core/contract/runs.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import { effectiveDates, ofTeam, reveal } from '../../core/schedule/effective.ts';
import { latenessMs, latePenalty } from '../../core/schedule/late.ts';
import { imageToRun, joinEarlierRun, settingsToRun } from '../../core/submissions/how-it-runs.ts';
import { roundedScores } from '../leaderboard/rounded.ts';
import type { Graders } from '../runs/graders.ts';
import { readRuns, runSummary, type RunRow } from '../runs/read.ts';
import { missingAttachments } from './attachments.ts';
import { waitingView } from '../runs/waiting.ts';

const Selected = z.object({
  id: z.number().int(),
  courseId: z.number().int(),
  competitionId: z.number().int(),
  phaseId: z.number().int(),
  teamId: z.number().int(),
  competition: z.string(),
  phase: z.string(),
  team: z.string(),
  kind: SubmissionKind,
  needs: SubmissionNeeds,
  state: SubmissionState,
  version: z.number().int(),
  attempt: z.number().int(),
  receivedAt: z.date(),
  claimedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  queuePosition: z.number().int().nullable(),
  fileName: z.string(),
  fileBytes: z.number().int(),
  fileHash: z.string(),
  claimedHash: z.string().nullable(),
  claimedBytes: z.number().int().nullable(),
  runSettings: RunSettings.nullable(),
  imageDigest: z.string().nullable(),
  part: z.string().nullable(),
  attachmentFields: AttachmentFields,
  attachments: z.array(Attachment),
  maxFileBytes: z.number().int(),
  isStudents: z.boolean(),
  note: z.string(),
  reason: z.string().nullable(),
  fault: z.string().nullable(),
  alert: z.string().nullable(),
  settled: z.boolean(),
  report: z.object({ errors: z.array(ProblemItem), moreErrors: z.number().int() }).nullable(),
  notices: z.array(z.string()),
  scores: Scores.nullable(),
  selected: z.boolean(),
  countsOn: z.array(Board),
  disqualifiedAt: z.date().nullable(),
  disqualifiedReason: z.string().nullable(),
  userName: z.string(),
  userEmail: z.string(),
  /** Whether its team has several members, who know each other. */
  ofSeveral: z.boolean(),
  /** By Postgres's clock, in the same statement. */
  revealed: z.boolean(),
  /** That holds for its team; null where there is none, and for what has no deadline. */
  dueAt: z.date().nullable(),
  graceMinutes: z.number().int(),
  latePolicy: LatePolicy,
});

/** `run` is the newest of its code; `graders` are what code that is queued waits for. */
export type SubmissionRow = z.infer<typeof Selected> & {
  readonly run: RunRow | undefined;
  readonly graders: Graders | undefined;
};

interface Filter {
  readonly id?: number;
  readonly phaseId?: number;
  readonly teamId?: number;
  readonly state?: SubmissionState | undefined;
  /** Older than this one. */
  readonly beforeId?: number | undefined;
  readonly limit: number;
}

interface Sources {
  readonly db: { readonly pool: Queryable };
  readonly graders: () => Promise<Graders>;
}

/** Submissions, newest first, code with its newest run. Who may see them is the caller's to check. */
export async function readSubmissions({ db, graders }: Sources, filter: Filter): Promise<SubmissionRow[]> {
  const found = await select(db.pool, filter);
  const code = found.filter(({ kind }) => kind !== 'predictions');
  if (code.length === 0) return found.map((row) => ({ ...row, run: undefined, graders: undefined }));
  const submissionIds = code.map(({ id }) => id);
  const runs = await readRuns(db.pool, { submissionIds, newest: true, withSamples: false });
  const runOf = new Map(runs.map((run) => [run.submissionId, run]));
  const seen = code.some(waitsForGraders) ? await graders() : undefined;
  return found.map((row) => ({ ...row, run: runOf.get(row.id), graders: seen }));
}

/** Whether it is code that is queued, and not predictions to be scored. */
export function waitsForGraders({ state, needs }: Pick<SubmissionRow, 'state' | 'needs'>): boolean {
  return state === 'queued' && needs !== 'score';
}

async function select(db: Queryable, filter: Filter): Promise<z.infer<typeof Selected>[]> {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const { id, phaseId, teamId, state, beforeId, limit } = filter;
  // Only the conditions that are wanted: a plan that is kept can't skip the others, and would read the whole table.
  const conditions = [
    id !== undefined && `submission.id = ${parameter(id)}`,
    phaseId !== undefined && `submission.phase_id = ${parameter(phaseId)}`,
    teamId !== undefined && `submission.team_id = ${parameter(teamId)}`,
    state !== undefined && `submission.state = ${parameter(state)}::submission_state`,
    beforeId !== undefined && `submission.id < ${parameter(beforeId)}`,
  ].filter((condition) => condition !== false);
  return await rows(
    db,
    Selected,
    `select submission.id,
            competition.course_id as "courseId",
            competition.id as "competitionId",
            submission.phase_id as "phaseId",
            submission.team_id as "teamId",
            competition.slug as competition,
            phase.slug as phase,
            team.pseudonym as team,
            submission.kind::text,
            submission.needs::text,
            submission.state::text,
            submission.version,
            submission.attempt,
            submission.received_at as "receivedAt",
            submission.claimed_at as "claimedAt",
            submission.finished_at as "finishedAt",
            case when submission.state = 'queued' then (
              select count(*)::int + 1
              from submission ahead
              where ahead.state = 'queued'
                and ahead.needs = submission.needs
                and (ahead.priority, ahead.id) < (submission.priority, submission.id)
            ) end as "queuePosition",
            submission.file_name as "fileName",
            submission.file_bytes as "fileBytes",
            submission.file_hash as "fileHash",
            submission.claimed_hash as "claimedHash",
            submission.claimed_bytes as "claimedBytes",
            ${settingsToRun} as "runSettings",
            ${imageToRun} as "imageDigest",
            submission.part,
            phase.attachments as "attachmentFields",
            array(
              select json_build_object(
                'field', field,
                'name', name,
                'bytes', bytes,
                'sha256', hash,
                'addedAt', to_char(added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
              from submission_attachment
              where submission_id = submission.id
              order by field
            ) as attachments,
            competition.max_file_bytes as "maxFileBytes",
            team.kind = 'students' as "isStudents",
            submission.note,
            submission.reason,
            submission.fault,
            submission.alert,
            submission.settled_attempt is not distinct from submission.attempt as settled,
            submission.report,
            submission.notices,
            submission.scores,
            submission.selected_at is not null as selected,
            array(
              select standing.board::text
              from standing
              where standing.phase_id = submission.phase_id
                and standing.team_id = submission.team_id
                and standing.submission_id = submission.id
              order by standing.board
            ) as "countsOn",
            submission.disqualified_at as "disqualifiedAt",
            submission.disqualified_reason as "disqualifiedReason",
            "user".name as "userName",
            "user".email as "userEmail",
            (select count(*) > 1 from team_member where team_member.team_id = submission.team_id) as "ofSeveral",
            reveal.revealed,
            case when team.kind = 'students' then team_dates.due_at end as "dueAt",
            phase.grace_minutes as "graceMinutes",
            phase.late_policy as "latePolicy"
     from submission
     join phase on phase.id = submission.phase_id
     ${joinEarlierRun('submission')}
     join competition on competition.id = phase.competition_id
     join team on team.id = submission.team_id
     join course on course.id = competition.course_id
     cross join ${reveal} as reveal
     cross join ${effectiveDates(ofTeam('submission.team_id'))} as team_dates
     join "user" on "user".id = submission.user_id
     ${conditions.length > 0 ? 'where' : ''} ${conditions.join(' and ')}
     order by submission.id desc
     limit ${parameter(limit)}`,
    values,
  );
}

/**
 * A submission as JSON. The only place that decides whether private scores leave the server with a submission: for staff, and for its team after
 * the reveal.
 */
export function submissionView(row: SubmissionRow, isStaff: boolean): Submission {
  const missing = row.isStudents ? missingAttachments(row.attachmentFields, row.attachments) : [];
  const maySeePrivate = isStaff || row.revealed;
  const { claimedHash, claimedBytes, disqualifiedAt, disqualifiedReason } = row;
  return {
    id: row.id,
    competition: row.competition,
    phase: row.phase,
    team: row.team,
    kind: row.kind,
    state: row.state,
    attempt: row.attempt,
    receivedAt: row.receivedAt.toISOString(),
    ...lateView(row),
    ...(row.claimedAt && { startedAt: row.claimedAt.toISOString() }),
    ...(row.finishedAt && { finishedAt: row.finishedAt.toISOString() }),
    ...(row.queuePosition !== null && { queuePosition: row.queuePosition, ...waitingOf(row, isStaff) }),
    file: { name: row.fileName, bytes: row.fileBytes, sha256: row.fileHash },
    ...(claimedHash !== null && claimedBytes !== null && { claimed: { sha256: claimedHash, bytes: claimedBytes } }),
    ...(row.run && { run: runSummary(row.run, isStaff) }),
    ...(row.part !== null && { part: row.part }),
    attachments: row.attachments,
    ...(missing.length > 0 && { missing }),
    note: row.note,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.report && { errors: row.report.errors, moreErrors: row.report.moreErrors }),
    notices: row.notices,
    ...(row.scores && { scores: maySeePrivate ? row.scores : { public: roundedScores(row.scores.public) } }),
    selected: row.selected,
    countsOn: row.countsOn.filter((board) => board === 'public' || maySeePrivate),
    ...(disqualifiedAt !== null &&
      disqualifiedReason !== null && {
        disqualified: { at: disqualifiedAt.toISOString(), reason: disqualifiedReason },
      }),
    ...((isStaff || row.ofSeveral) && {
      submittedBy: { name: row.userName, ...(isStaff && { email: row.userEmail }) },
    }),
    ...(isStaff && row.fault !== null && { fault: row.fault }),
    ...(isStaff && row.alert !== null && { alert: row.alert }),
    ...(isStaff && (row.fault ?? row.alert) !== null && { settled: row.settled }),
  };
}

function lateView(row: SubmissionRow): { late?: Lateness } {
  const lateMs = latenessMs(row.receivedAt, row);
  if (lateMs === 0) return {};
  // How many of the late days are left for it depends on what counts elsewhere: the grade tells.
  const penaltyPercent = row.latePolicy.kind === 'bank' ? null : latePenalty(row.latePolicy, lateMs, 0).percent;
  return { late: { seconds: Math.ceil(lateMs / 1000), penaltyPercent } };
}

function waitingOf(row: SubmissionRow, isStaff: boolean): ReturnType<typeof waitingView> {
  const { graders, queuePosition, runSettings } = row;
  if (graders === undefined || queuePosition === null || !waitsForGraders(row)) return {};
  const { image, limits } = runSettings ?? RunSettings.parse({});
  const waiting = { ...row, queuePosition, imageName: image, gpus: limits.gpus, wallSeconds: limits.wallSeconds };
  return waitingView(waiting, graders, graders.readAt, isStaff);
}
