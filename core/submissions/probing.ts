import { z } from 'zod';
import { execute, rows, type Queryable } from '../db/sql.ts';
import type { Claim } from './claim.ts';

/** How many of a team's last submissions are compared, how many of them have to be alike, and in how many rows they may differ at most. */
const compared = 20;
const enough = 5;
const mostRows = 3;

const Earlier = z.object({ bits: z.instanceof(Uint8Array) });

/**
 * Tells staff where a team sends the same predictions again and again with a few rows changed: from the difference of two public scores one reads a label.
 * Compares which rows are hits of the first metric, since that is what such a score tells.
 */
export async function markProbing(
  client: Queryable,
  held: Pick<Claim, 'submissionId' | 'phaseId' | 'teamId' | 'answerKeyId'>,
  hits: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const [first] = hits;
  if (first === undefined) return;
  const [metric, bits] = first;
  const earlier = await rows(
    client,
    Earlier,
    `select submission_hits.bits
     from submission
     join submission_hits on submission_hits.submission_id = submission.id
     where submission.phase_id = $1
       and submission.team_id = $2
       and submission.id < $3
       and submission.answer_key_id = $4
       and submission.state = 'scored'
       and submission_hits.metrics[1] = $5
     order by submission.id desc
     limit $6`,
    [held.phaseId, held.teamId, held.submissionId, held.answerKeyId, metric, compared],
  );
  await execute(client, 'update submission set alert = $2 where id = $1', [
    held.submissionId,
    alertFor(
      bits,
      earlier.map((entry) => entry.bits),
    ),
  ]);
}

/** A sentence for staff; null where nothing is to be told. */
export function alertFor(bits: Uint8Array, earlier: readonly Uint8Array[]): string | null {
  const alike = earlier.filter((other) => {
    const rowsApart = differingBits(bits, other.subarray(0, bits.length), mostRows);
    return rowsApart >= 1 && rowsApart <= mostRows;
  }).length;
  if (alike < enough) return null;
  return `${alike} of the team’s last ${earlier.length} submissions got the same rows right as this one but for 1 to ${mostRows}: they may be probing for labels.`;
}

/** Counts no further than just beyond `most`. */
function differingBits(a: Uint8Array, b: Uint8Array, most: number): number {
  let count = 0;
  for (const [index, byte] of a.entries()) {
    let difference = byte ^ (b[index] ?? 0);
    while (difference !== 0) {
      difference &= difference - 1;
      count++;
    }
    if (count > most) break;
  }
  return count;
}
