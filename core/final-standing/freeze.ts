import type pg from 'pg';
import { z } from 'zod';
import { execute, maybeRow, oneRow, rows, transaction, type Queryable } from '../db/sql.ts';
import { reveal } from '../schedule/effective.ts';
import { lockTeams } from '../submissions/standing.ts';
import { canonicalJson, documentHash, finalDocument } from './document.ts';
import { readRanked } from './ranked.ts';

const Id = z.object({ id: z.number().int() });

/** SQL, from the row `phase`: what may still change its private board. */
const waits = `
  select submission.id
  from submission
  join team on team.id = submission.team_id
  where submission.state in ('queued', 'running') and submission.phase_id = phase.id and team.kind <> 'staff'
  union all
  select rerun_batch.id
  from rerun_batch
  where rerun_batch.state = 'running' and rerun_batch.phase_id = phase.id`;

/**
 * Freezes what is revealed, was never frozen, and has nothing left to grade. Several workers may do so at once; each phase is frozen by one of them.
 * @returns the phases that were frozen
 */
export async function freezeRevealed(pool: pg.Pool): Promise<number[]> {
  const due = await rows(
    pool,
    Id,
    `select phase.id
     from phase
     join competition on competition.id = phase.competition_id
     join course on course.id = competition.course_id
     cross join ${reveal} as reveal
     where reveal.revealed
       and competition.published_at is not null
       and not exists (select from final_standing where phase_id = phase.id)
       and exists (select from standing join team on team.id = team_id where phase_id = phase.id and kind = 'students')
       and not exists (${waits})
     limit 20`,
  );
  const frozen: number[] = [];
  for (const { id } of due) {
    const outcome = await transaction(pool, async (client) => await freeze(client, id, { firstOnly: true }));
    if (outcome.kind === 'frozen') frozen.push(id);
  }
  return frozen;
}

export interface Frozen {
  readonly kind: 'frozen';
  readonly version: number;
  readonly hash: string;
  /** The hash of the version before it; null: it is the first. */
  readonly previousHash: string | null;
}

/** Why nothing was frozen: students don't see the board yet, submissions wait or run, nobody is on it, or it was frozen before. */
export type NotFrozen = { readonly kind: 'hidden' | 'waiting' | 'empty' | 'already' };

interface How {
  /** Not what was frozen before. */
  readonly firstOnly?: boolean;
  readonly byId?: number;
  readonly reason?: string;
}

const Target = z.object({
  competition: z.string(),
  metrics: z.array(z.string()),
  phase: z.string(),
  revealed: z.boolean(),
  waiting: z.boolean(),
});
const Latest = z.object({ version: z.number().int(), hash: z.string() });

/** Freezes a phase's private board as the next version, in a transaction of the caller's: its teams stay locked until that ends. */
export async function freeze(
  client: Queryable,
  phaseId: number,
  { firstOnly = false, byId, reason = '' }: How,
): Promise<Frozen | NotFrozen> {
  await execute(client, 'select 1 from phase where id = $1 for no key update', [phaseId]);
  await execute(client, lockTeams, [phaseId]);
  const { revealed, waiting, ...heading } = await oneRow(
    client,
    Target,
    `select competition.slug as competition, competition.metrics, phase.slug as phase, reveal.revealed, exists (${waits}) as waiting
     from phase
     join competition on competition.id = phase.competition_id
     join course on course.id = competition.course_id
     cross join ${reveal} as reveal
     where phase.id = $1`,
    [phaseId],
  );
  const before = await maybeRow(
    client,
    Latest,
    'select version, hash from final_standing where phase_id = $1 order by version desc limit 1',
    [phaseId],
  );
  if (firstOnly && before) return { kind: 'already' };
  if (!revealed) return { kind: 'hidden' };
  if (waiting) return { kind: 'waiting' };
  const ranked = await readRanked(client, { phaseId, board: 'private' });
  if (ranked.length === 0) return { kind: 'empty' };
  const text = canonicalJson(finalDocument(heading, ranked));
  const [version, hash] = [(before?.version ?? 0) + 1, documentHash(text)];
  const { id } = await oneRow(
    client,
    Id,
    `insert into final_standing (phase_id, version, document, hash, created_by_id, reason)
     values ($1, $2, $3, $4, $5, $6)
     returning id`,
    [phaseId, version, text, hash, byId ?? null, reason],
  );
  await execute(
    client,
    `insert into final_place (final_standing_id, position, team_id, submission_id)
     select $1, place.position - 1, place.team_id, place.submission_id
     from unnest($2::int[], $3::int[]) with ordinality as place(team_id, submission_id, position)`,
    [id, ranked.map(({ teamId }) => teamId), ranked.map(({ submissionId }) => submissionId)],
  );
  return { kind: 'frozen', version, hash, previousHash: before?.hash ?? null };
}
