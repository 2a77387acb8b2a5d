import {
  kaggleGetSubmission,
  kaggleGetSubmissionLimits,
  kaggleListSubmissions,
  type KaggleSubmission,
} from '../../core/contract/kaggle-submissions.ts';
import type { Submission, SubmissionState } from '../../core/contract/submissions.ts';
import { principalOf } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { choosePhase } from '../competitions/phases.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { originOf } from '../http/origin.ts';
import type { Services } from '../services.ts';
import { accessSubmission } from '../submissions/access.ts';
import { allowanceOf, usageOf } from '../submissions/allowance.ts';
import { readSubmissions, submissionView, type SubmissionRow } from '../submissions/read.ts';
import { findTeam } from '../submissions/teams.ts';
import { accessNamed } from './access.ts';
import { numberOf, pageSizeOf } from './paging.ts';

/** What stands for “no limit”, where the protocol wants a number. */
const unlimited = 100_000;

export function kaggleSubmissionRoutes(app: App, services: Services): void {
  app.route({
    ...kaggleListSubmissions,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition, isStaff } = await accessNamed(services, principal, request.body.competitionName);
      const teamId = await findTeam(services.db, competition.id, principal.userId);
      if (teamId === undefined) return { submissions: [], nextPageToken: '' };
      const limit = pageSizeOf(request.body, 50);
      const state: SubmissionState | undefined = /successful/i.test(request.body.group) ? 'scored' : undefined;
      const found = await readSubmissions(services, {
        teamId,
        state,
        beforeId: numberOf(request.body),
        limit: limit + 1,
      });
      const submissions = found.slice(0, limit);
      const last = submissions.at(-1);
      const seen = {
        principal,
        isStaff,
        origin: originOf(request, services.config),
        metric: competition.metrics[0] ?? '',
      };
      return {
        submissions: submissions.map((row) => inKaggleForm(row, seen)),
        nextPageToken: found.length > limit && last ? String(last.id) : '',
      };
    },
  });

  app.route({
    ...kaggleGetSubmission,
    handler: async (request) => {
      const principal = principalOf(request);
      const { ref } = request.body;
      if (ref < 1 || ref > 2_147_483_647) throw new AppError('not-found', `There is no submission ${ref}.`);
      const { row, isStaff } = await accessSubmission(services, principal, ref);
      const metric = (await services.competitions.find(row.competition))?.metrics[0] ?? '';
      return inKaggleForm(row, { principal, isStaff, origin: originOf(request, services.config), metric });
    },
  });

  app.route({
    ...kaggleGetSubmissionLimits,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await accessNamed(services, principal, request.body.competitionName);
      const now = services.clock.now();
      const teamId = (await findTeam(services.db, competition.id, principal.userId)) ?? 0;
      const usage = await usageOf(services.db.pool, choosePhase(competition, now, undefined).id, teamId, now);
      const { leftToday, leftTotal } = allowanceOf(usage);
      return {
        numToday: usage.usedToday,
        numTotal: usage.usedTotal,
        numAllowedNow: leftToday ?? unlimited,
        limitedByTotal: leftTotal !== null && leftTotal === leftToday,
      };
    },
  });
}

interface Seen {
  readonly principal: Principal;
  readonly isStaff: boolean;
  readonly origin: string;
  readonly metric: string;
}

const statuses = {
  queued: 'PENDING',
  running: 'PENDING',
  scored: 'COMPLETE',
  rejected: 'ERROR',
  failed: 'ERROR',
  cancelled: 'ERROR',
} as const satisfies Record<SubmissionState, KaggleSubmission['status']>;

function inKaggleForm(row: SubmissionRow, { principal, isStaff, origin, metric }: Seen): KaggleSubmission {
  const view = submissionView(row, isStaff);
  const { scores } = view;
  // A team’s members see that one of them sent it, not which.
  const mayKnow = isStaff || row.userEmail === principal.email;
  return {
    ref: view.id,
    totalBytes: view.file.bytes,
    date: view.receivedAt,
    description: view.note,
    errorDescription: errorOf(view),
    fileName: view.file.name,
    publicScore: scoreText(scores?.public[metric]?.value),
    // For staff too: the protocol has it empty until then.
    privateScore: row.revealed ? scoreText(scores?.private?.[metric]?.value) : '',
    status: statuses[view.state],
    submittedBy: mayKnow ? row.userName : '',
    submittedByRef: mayKnow ? row.userEmail : '',
    teamName: view.team,
    url: `${origin}/competitions/${view.competition}/submissions/${view.id}`,
  };
}

export function scoreText(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function errorOf({ state, reason, errors }: Submission): string {
  if (state === 'cancelled') return 'It was taken back.';
  if (state !== 'rejected' && state !== 'failed') return '';
  const [first] = errors ?? [];
  return [reason, first?.message].filter((text) => text !== undefined).join(' ');
}
