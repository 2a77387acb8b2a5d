import { transaction, type Queryable } from '../../core/db/sql.ts';
import type { FullCompetition } from '../competitions/cache.ts';
import type { Services } from '../services.ts';
import { lockMemberships } from '../submissions/teams.ts';
import { readRules, type Rules } from './rules.ts';

/** A student of the competition's course, who changes something of their team. */
export interface Me {
  readonly competition: FullCompetition;
  readonly userId: number;
  readonly email: string;
  readonly name: string;
}

/** Inside a change: nobody else changes who is in which team of the competition meanwhile. */
export interface Change {
  readonly client: Queryable;
  readonly rules: Rules;
  readonly now: Date;
}

/** Changes who is in which team, in one transaction, one change of a competition at a time; then boards are read again. */
export async function changeTeams<T>(
  { db, clock, changes }: Pick<Services, 'db' | 'clock' | 'changes'>,
  { id, phases }: FullCompetition,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  const result = await transaction(db.pool, async (client) => {
    await lockMemberships(client, id);
    return await work({ client, rules: await readRules(client, id), now: clock.now() });
  });
  for (const phase of phases) changes.send({ kind: 'board', phaseId: phase.id });
  return result;
}

/** Locks teams in the order of their ids, so that two of these don't wait for each other. */
export async function lockBoth(client: Queryable, teamIds: readonly number[]): Promise<void> {
  await client.query('select 1 from team where id = any($1) order by id for update', [teamIds]);
}
