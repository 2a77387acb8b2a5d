import { z } from 'zod';
import { SubmissionNeeds } from '../../core/contract/runs.ts';
import { execute, rows, type Queryable } from '../../core/db/sql.ts';
import { codeNeeds } from '../../core/submissions/needs.ts';
import type { Services } from '../services.ts';

/**
 * Pins the runs of a competition's phases to the newest image of the name that they want, where none is pinned yet. Settings are written first:
 * whoever registers an image at the same time pins what it finds after that, so that one of both sees the other.
 * @param anew the phase whose image was chosen again, and is pinned anew
 */
export async function pinImages(db: Queryable, competitionId: number, anew?: number): Promise<void> {
  await execute(
    db,
    `update phase
     set image_digest = (
       select digest
       from grader_image
       where name = run_settings ->> 'image'
       order by created_at desc, digest
       limit 1
     )
     where competition_id = $1 and run_settings is not null and (image_digest is null or id = $2)`,
    [competitionId, anew ?? null],
  );
}

const Moved = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  priority: z.number().int(),
  needs: SubmissionNeeds,
});

/** Code that waits goes to the graders that its phase wants by now. */
export async function moveWaiting({ db, doorbell }: Services, phaseId: number): Promise<void> {
  const moved = await rows(
    db.pool,
    Moved,
    `update submission
     set needs = ${codeNeeds('phase.run_settings')}, version = version + 1, ring_at = now() + interval '5 s'
     from phase
     where phase.id = submission.phase_id
       and phase.id = $1
       and submission.state = 'queued'
       and submission.needs <> 'score'
       and submission.as_attempt is null
       and submission.needs <> ${codeNeeds('phase.run_settings')}
     returning submission.id as "submissionId", submission.attempt, submission.priority, submission.needs`,
    [phaseId],
  );
  if (moved.length > 0) await doorbell.ring(moved);
}
