import { z } from 'zod';
import { maybeRow, rows, type Queryable } from '../db/sql.ts';
import { parseDocument, type Place } from './document.ts';

const Final = z.object({
  id: z.number().int(),
  version: z.number().int(),
  document: z.string(),
  hash: z.string(),
  createdAt: z.date(),
});
const PlaceRow = z.object({
  position: z.number().int(),
  teamId: z.number().int(),
  submissionId: z.number().int(),
  receivedAt: z.date(),
});

export interface FinalStanding extends Omit<z.infer<typeof Final>, 'id'> {
  readonly places: readonly (Place & { readonly receivedAt: Date })[];
}

/** A phase's final standing that holds; undefined: none was frozen yet. A team that is gone since has no place. */
export async function readFinal(db: Queryable, phaseId: number): Promise<FinalStanding | undefined> {
  const found = await maybeRow(
    db,
    Final,
    `select id, version, document, hash, created_at as "createdAt"
     from final_standing
     where phase_id = $1
     order by version desc
     limit 1`,
    [phaseId],
  );
  if (!found) return undefined;
  const { id, ...final } = found;
  const places = await rows(
    db,
    PlaceRow,
    `select position, final_place.team_id as "teamId", submission_id as "submissionId", received_at as "receivedAt"
     from final_place
     join submission on submission.id = submission_id
     where final_standing_id = $1
     order by position`,
    [id],
  );
  const document = parseDocument(final.document);
  return {
    ...final,
    places: places.flatMap(({ position, ...place }) => {
      const row = document.rows[position];
      return row ? [{ row, ...place }] : [];
    }),
  };
}
