import type pg from 'pg';

/** Days go by, in a database with one assignment: the dates of its phase, its extensions, and when its submissions came move into the past by as much. */
export async function passDays(pool: pg.Pool, days: number): Promise<void> {
  await pool.query(
    `with moved as (select id, $1 * interval '1 day' as by from phase),
     phases as (
       update phase
       set opens_at = opens_at - by, due_at = due_at - by, late_until = late_until - by, reveal_at = reveal_at - by
       from moved
       where moved.id = phase.id
     ),
     extensions as (
       update extension set due_at = due_at - by, late_until = late_until - by from moved where moved.id = extension.phase_id
     ),
     standings as (update standing set received_at = received_at - by from moved where moved.id = standing.phase_id)
     update submission set received_at = received_at - by, finished_at = finished_at - by
     from moved where moved.id = submission.phase_id`,
    [days],
  );
}
