import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FolderState } from '../../core/contract/competition-folder.ts';
import { execute, maybeRow, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct } from '../audit/record.ts';
import type { Principal } from '../auth/principals.ts';
import { access } from '../competitions/access.ts';
import type { Services } from '../services.ts';
import { folderState } from './state.ts';

const Kept = z.object({ source: z.string(), state: FolderState });

/** What a competition was pushed with. What an earlier version of this program kept in another form counts as never pushed. */
export async function findSource(db: Queryable, competitionId: number): Promise<z.infer<typeof Kept> | undefined> {
  const row = await maybeRow(
    db,
    z.object({ source: z.string(), state: z.unknown() }),
    'select source, state from competition_folder where competition_id = $1',
    [competitionId],
  );
  return Kept.safeParse(row).data;
}

/**
 * Keeps a `competition.yaml`, and what the server has now: the difference to that is what a pull puts into it.
 * @param action the operationId of the endpoint
 */
export async function keepSource(
  services: Services,
  by: Principal,
  { slug, source, action }: { slug: string; source: string; action: string },
): Promise<void> {
  const granted = await access(services, by, slug, 'instructor');
  const { id, courseId } = granted.competition;
  await transaction(services.db.pool, async (client) => {
    await client.query('select 1 from competition where id = $1 for no key update', [id]);
    const before = await findSource(client, id);
    const state = await folderState(client, granted, services.clock.now());
    await execute(
      client,
      `insert into competition_folder (competition_id, source, state)
       values ($1, $2, $3)
       on conflict (competition_id) do update
       set source = excluded.source, state = excluded.state, pushed_at = now()`,
      [id, source, JSON.stringify(state)],
    );
    await recordAct(client, by, {
      courseId,
      action,
      subject: `competition ${slug}: competition.yaml`,
      ...(before && { before: { sha256: sha256Of(before.source) } }),
      after: { sha256: sha256Of(source) },
    });
  });
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
