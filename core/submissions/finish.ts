import type pg from 'pg';
import { execute, transaction, type Queryable } from '../db/sql.ts';
import { failuresOf, tellProgramFailed, tellScored } from '../hooks/tell.ts';
import { maxTries, type Claim } from './claim.ts';
import { earlierVerdictOr, hasEarlierVerdict } from './earlier-verdict.ts';
import { markProbing } from './probing.ts';
import { breakRun, markScored } from './runs.ts';
import { keepStanding, lockTeamOf } from './standing.ts';
import { writeVerdict, type Verdict } from './verdict.ts';

/**
 * Writes a verdict and the team's standing in one transaction. Answers false, having changed nothing, where the claim is no longer held:
 * another worker has taken over, or the verdict is already there.
 */
export async function finish(pool: pg.Pool, held: Claim, verdict: Verdict): Promise<boolean> {
  return await transaction(pool, async (client) => {
    const teamId = await lockTeamOf(client, held);
    const written = await writeVerdict(client, held, verdict);
    if (!written) return false;
    if (verdict.kind === 'scored') await markProbing(client, { ...held, teamId }, verdict.hits);
    await keepStanding(client, held.phaseId, teamId);
    if (held.needs !== 'score') await markScored(client, held, lastWordOf(verdict));
    await tell(client, held, verdict);
    return true;
  });
}

/** What the course's hooks want to know. */
async function tell(client: Queryable, held: Claim, verdict: Verdict): Promise<void> {
  switch (verdict.kind) {
    case 'scored':
      return await tellScored(client, held.submissionId, held.publicValue !== null || held.privateValue !== null);
    case 'rejected':
      // A file that is rejected was looked at, not run.
      return held.needs === 'score' ? undefined : await tellProgramFailed(client, held.submissionId);
    case 'verified':
      return undefined;
  }
}

/** What a run's row says beyond how its program ended. */
function lastWordOf(verdict: Verdict): Parameters<typeof markScored>[2] {
  switch (verdict.kind) {
    case 'scored':
      return {};
    case 'rejected':
      return { sentence: verdict.reason, ...(verdict.detail !== undefined && { fault: verdict.detail }) };
    case 'verified':
      return { sentence: verdict.notice, ...(verdict.scores && { scores: verdict.scores }) };
  }
}

/** What a submission becomes when we gave up on it: an earlier verdict stands, else it has failed, which is not charged to the team. */
export const givenUp = `
  state = ${earlierVerdictOr('failed')},
  finished_at = now(),
  reason = case
    when ${hasEarlierVerdict} then reason
    else 'The grader failed; this is our fault, the staff have been told, and it does not count against your limits.'
  end`;

/**
 * Records that a claim ended through our fault: the submission waits again, for longer each time, or is given up after `maxTries`.
 * @returns what became of it; undefined where the claim is no longer held
 */
export async function release(db: Queryable, held: Claim, fault: string): Promise<'retry' | 'given-up' | undefined> {
  const retried = await db.query(
    `update submission
     set state = 'queued',
         version = version + 1,
         lease_until = null,
         fault = $3,
         ring_at = now() + (2 ^ tries) * interval '1 s'
     where id = $1 and attempt = $2 and state = 'running' and tries < $4`,
    [held.submissionId, held.attempt, fault, maxTries],
  );
  if (retried.rowCount === 1) {
    await breakRun(db, held, fault);
    return 'retry';
  }
  const ended = await execute(
    db,
    `with ended as (
       update submission
       set ${givenUp}, version = version + 1, lease_until = null, fault = $3
       where id = $1 and attempt = $2 and state = 'running'
       returning id
     ),
     told as (${failuresOf('select id from ended', `'server'`)})
     select from ended`,
    [held.submissionId, held.attempt, fault],
  );
  if (ended !== 1) return undefined;
  await breakRun(db, held, fault);
  return 'given-up';
}
