import { z } from 'zod';
import { SubmissionState, terminalStates } from '../../core/contract/submissions.ts';
import { oneRow, rows, type Queryable } from '../../core/db/sql.ts';
import { until } from './poll.ts';

/** A submission as the database has it, whatever the api says. */
const Row = z.object({
  id: z.number().int(),
  state: SubmissionState,
  attempt: z.number().int(),
  tries: z.number().int(),
  version: z.number().int(),
  value: z.number().nullable(),
  fault: z.string().nullable(),
  leased: z.boolean(),
});
type Row = z.infer<typeof Row>;

const columns = `id, state::text, attempt, tries, version, public_value as value, fault, lease_until > now() is true as leased`;

export async function readRow(db: Queryable, id: number): Promise<Row> {
  return await oneRow(db, Row, `select ${columns} from submission where id = $1`, [id]);
}

export async function readAll(db: Queryable): Promise<Row[]> {
  return await rows(db, Row, `select ${columns} from submission order by id`);
}

/** Waits until a submission is in a state. */
export async function inState(db: Queryable, id: number, state: SubmissionState, withinMs = 120_000): Promise<Row> {
  let last: Row | undefined;
  return await until(`submission ${id} is ${state}`, withinMs, async () => {
    last = await readRow(db, id);
    if (last.state !== state) throw new Error(`it is ${JSON.stringify(last)}`);
    return last;
  });
}

/** Makes a submission's next fault, or that of the try that goes on, its last: so nobody waits for the others. */
export async function lastTry({ pool }: { pool: Queryable }, id: number): Promise<void> {
  await pool.query(`update submission set tries = case state when 'queued' then 2 else 3 end where id = $1`, [id]);
}

/** Waits until nothing waits or runs any more. */
export async function allFinished(db: Queryable, withinMs = 120_000): Promise<Row[]> {
  return await until('every submission has finished', withinMs, async () => {
    const all = await readAll(db);
    const open = all.filter((row) => !terminalStates.includes(row.state));
    if (open.length > 0)
      throw new Error(`${open.length} of ${all.length} are open, such as ${JSON.stringify(open[0])}`);
    return all;
  });
}

/**
 * What is wrong with the standings: each must be the team's best, the earlier of two equals, and there must be one for each team and board that has
 * a score. Computed with another query than the one that keeps them.
 */
export async function wrongStandings(db: Queryable): Promise<unknown[]> {
  return await rows(
    db,
    z.unknown(),
    `with ranked as (
       select phase_id, team_id, id, 'public'::board as board, public_value as value,
              row_number() over (partition by phase_id, team_id order by public_value desc, received_at, id) as place
       from submission where public_value is not null
       union all
       select phase_id, team_id, id, 'private'::board, private_value,
              row_number() over (partition by phase_id, team_id order by private_value desc, received_at, id)
       from submission where private_value is not null
     )
     select coalesce(ranked.team_id, standing.team_id) as team, ranked.id as best, standing.submission_id as kept, ranked.value, standing.value as "keptValue"
     from (select * from ranked where place = 1) ranked
     full join standing using (phase_id, team_id, board)
     where ranked.id is distinct from standing.submission_id or ranked.value is distinct from standing.value`,
  );
}
