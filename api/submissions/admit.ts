import type pg from 'pg';
import { z } from 'zod';
import type { Blob } from '../../core/blobs/store.ts';
import { SubmissionNeeds, type SubmissionKind } from '../../core/contract/runs.ts';
import { maybeRow, oneRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { codeNeeds } from '../../core/submissions/needs.ts';
import { lockTeam } from '../../core/submissions/standing.ts';
import { AppError } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import {
  maxSpoiledPerDay,
  maxSpoiledRunsPerDay,
  refusal,
  Usage,
  usageColumns,
  usageOf,
  usageTables,
} from './allowance.ts';

/** A submission whose file has been received. */
export interface Arrival {
  readonly phaseId: number;
  readonly teamId: number;
  readonly userId: number;
  readonly kind: SubmissionKind;
  readonly file: ReceivedFile;
  /** Predictions that were sent with code. */
  readonly claimed: Blob | undefined;
  /** Puts the file, and what was sent with it, to where files stay. Called when it is taken, before that is certain: what is refused leaves no file behind. */
  readonly keepFile: () => Promise<void>;
  /** Part.slug; null: none. */
  readonly part: string | null;
  readonly note: string;
  /** When the request reached the server; everything is judged by it, however long the upload took. */
  readonly receivedAt: Date;
  /** The client's own name for it; one that is known is not taken twice. */
  readonly idempotencyKey: string | undefined;
  /** Staff and baselines pass without gates and limits. */
  readonly gated: boolean;
  /** What else is written in the same transaction. */
  readonly also?: (client: Queryable, submissionId: number) => Promise<void>;
}

const Admitted = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  priority: z.number().int(),
  needs: SubmissionNeeds,
});

/** `usage` counts the submission itself. */
export type Admission = z.infer<typeof Admitted> & { readonly usage: Usage; readonly repeated: boolean };

const Attempted = Usage.extend({ admitted: Admitted.nullable() });

/**
 * Takes a submission, or throws why not. The team is locked while its limits are counted and the row is written, so of any number of
 * requests at once no more than the limit get in.
 * @throws AppError not-open-yet, deadline-passed or limit-reached; conflict where the key was another submission's, or the team is no longer the student's
 */
export async function admit(pool: pg.Pool, arrival: Arrival): Promise<Admission> {
  return await transaction(pool, async (client) => {
    await lockTeam(client, arrival.teamId);
    await requireMember(client, arrival);
    const earlier = await findRepeated(client, arrival);
    if (earlier) {
      requireSame(earlier, arrival);
      const usage = await usageOf(client, arrival.phaseId, arrival.teamId, arrival.receivedAt);
      return { ...earlier.admitted, usage, repeated: true };
    }
    const { admitted, ...before } = await insert(client, arrival);
    if (admitted === null) {
      throw refusal(before, arrival.receivedAt, arrival.kind) ?? new Error('a submission was refused without a reason');
    }
    await arrival.keepFile();
    await arrival.also?.(client, admitted.submissionId);
    const usage = {
      ...before,
      usedToday: before.usedToday + 1,
      usedTotal: before.usedTotal + 1,
      waiting: before.waiting + 1,
    };
    return { ...admitted, usage, repeated: false };
  });
}

/** Between the beginning of an upload and its end a student may have left the team, or it may have become one with another. */
async function requireMember(client: Queryable, { teamId, userId }: Arrival): Promise<void> {
  const isMember = await maybeRow(
    client,
    z.object({ id: z.number().int() }),
    `select id
     from team
     where id = $1
       and (kind <> 'students' or exists (select from team_member where team_id = team.id and user_id = $2))`,
    [teamId, userId],
  );
  if (isMember) return;
  throw new AppError('conflict', 'You are in another team now than when you began to send this file. Send it again.');
}

const Repeated = z.object({
  admitted: Admitted,
  phaseId: z.number().int(),
  part: z.string().nullable(),
  fileHash: z.string(),
  claimedHash: z.string().nullable(),
});

/** The submission that an earlier request with the same key made. */
export async function findRepeated(
  client: Queryable,
  { teamId, idempotencyKey }: Pick<Arrival, 'teamId' | 'idempotencyKey'>,
) {
  if (idempotencyKey === undefined) return undefined;
  return await maybeRow(
    client,
    Repeated,
    `select json_build_object('submissionId', id, 'attempt', attempt, 'priority', priority, 'needs', needs) as admitted,
            phase_id as "phaseId",
            part,
            file_hash as "fileHash",
            claimed_hash as "claimedHash"
     from submission
     where team_id = $1 and idempotency_key = $2`,
    [teamId, idempotencyKey],
  );
}

/** A script that always sends the same key would otherwise be told that each new file was taken, while none is. */
function requireSame(earlier: z.infer<typeof Repeated>, { phaseId, part, file, claimed }: Arrival): void {
  const isSameFile = earlier.fileHash === file.blob.hash && earlier.claimedHash === (claimed?.hash ?? null);
  if (earlier.phaseId === phaseId && earlier.part === part && isSameFile) return;
  throw new AppError(
    'conflict',
    `This Idempotency-Key belongs to submission ${earlier.admitted.submissionId}, which is another file, or for another part or phase. ` +
      'Send a new key with each new submission, or none.',
  );
}

/** Inserts the submission unless something keeps it out; answers in either case with what the team had used before. */
async function insert(client: Queryable, arrival: Arrival) {
  return await oneRow(
    client,
    Attempted,
    // A team's first waiting submission goes before anybody's second.
    `with ${usageTables},
     admitted as (
       insert into submission (phase_id, team_id, received_at, user_id, note, file_name, file_hash, file_bytes, idempotency_key, kind, needs, claimed_hash, claimed_bytes, part, priority, ring_at)
       select scope.id, $2, $3, $4, $5, $6, $7, $8, $9, $11::submission_kind,
              case when $11 = 'predictions' or $12::text is not null then 'score' else ${codeNeeds('scope.run_settings')} end,
              $12, $13, $16, used.waiting + 1, now() + interval '5 s'
       from scope, used
       where not $10
          or ((scope.opens_at is null or scope.opens_at <= $3)
          and (scope.closes_at is null or $3 <= scope.closes_at)
          and (scope.daily_limit is null or used.today < scope.daily_limit)
          and (scope.total_limit is null or used.total < scope.total_limit)
          and used.spoiled < $14
          and ($11 = 'predictions' or used.spoiled_runs < $15))
       returning id, attempt, priority, needs
     )
     select ${usageColumns},
            case when admitted.id is not null then
              json_build_object('submissionId', admitted.id, 'attempt', admitted.attempt, 'priority', admitted.priority, 'needs', admitted.needs)
            end as admitted
     from scope cross join used left join admitted on true`,
    [
      arrival.phaseId,
      arrival.teamId,
      arrival.receivedAt,
      arrival.userId,
      arrival.note,
      arrival.file.name,
      arrival.file.blob.hash,
      arrival.file.blob.bytes,
      arrival.idempotencyKey ?? null,
      arrival.gated,
      arrival.kind,
      arrival.claimed?.hash ?? null,
      arrival.claimed?.bytes ?? null,
      maxSpoiledPerDay,
      maxSpoiledRunsPerDay,
      arrival.part,
    ],
  );
}
