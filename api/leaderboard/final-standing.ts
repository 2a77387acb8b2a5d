import { z } from 'zod';
import { freezeFinalStanding, revealPrivateBoard, type FinalStandingView } from '../../core/contract/final-standing.ts';
import { execute, oneRow, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import type { Database } from '../../core/db/open.ts';
import { differs } from '../../core/final-standing/document.ts';
import { freeze, type NotFrozen } from '../../core/final-standing/freeze.ts';
import { readRanked } from '../../core/final-standing/ranked.ts';
import { readFinal, type FinalStanding } from '../../core/final-standing/read.ts';
import { latestDates, reveal } from '../../core/schedule/effective.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import type { FullCompetition, FullPhase } from '../competitions/cache.ts';
import { AppError } from '../errors.ts';
import { formatInZone } from '../http/zone.ts';
import { isCrowd } from './access.ts';

interface Target {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
}

const Revealed = z.object({ revealed: z.boolean() });

/** How a phase's final standing stands; for students nothing of it before the reveal, nor where so few are on it that they may not see the board. */
export async function viewFinal(
  db: Queryable,
  { competition, phase, isStaff }: Target & { isStaff: boolean },
): Promise<FinalStandingView> {
  const { revealed } = await oneRow(
    db,
    Revealed,
    `select reveal.revealed
     from phase
     join competition on competition.id = phase.competition_id
     join course on course.id = competition.course_id
     cross join ${reveal} as reveal
     where phase.id = $1`,
    [phase.id],
  );
  const final = isStaff || revealed ? await readFinal(db, phase.id) : undefined;
  const about = { competition: competition.slug, phase: phase.slug };
  if (final && !isCrowd({ competition, isStaff }, countTeams(final))) return { ...about, revealed: false, final: null };
  return {
    ...about,
    revealed,
    final: final ? { version: final.version, hash: final.hash, frozenAt: final.createdAt.toISOString() } : null,
    ...(isStaff && {
      forStaff: {
        waiting: await countWaiting(db, phase.id),
        differs:
          final !== undefined && differs(final.places, await readRanked(db, { phaseId: phase.id, board: 'private' })),
        versions: await readVersions(db, phase.id),
      },
    }),
  };
}

/** Those on it, without the baselines. */
export function countTeams({ places }: FinalStanding): number {
  return places.filter(({ row }) => !row.baseline).length;
}

const Waiting = z.object({ waiting: z.number().int() });

async function countWaiting(db: Queryable, phaseId: number): Promise<number> {
  const { waiting } = await oneRow(
    db,
    Waiting,
    `select count(*)::int as waiting
     from submission
     join team on team.id = team_id
     where submission.phase_id = $1 and submission.state in ('queued', 'running') and team.kind <> 'staff'`,
    [phaseId],
  );
  return waiting;
}

const Version = z.object({
  version: z.number().int(),
  hash: z.string(),
  frozenAt: z.date().transform((at) => at.toISOString()),
  frozenBy: z.string().nullable(),
  reason: z.string(),
});

async function readVersions(db: Queryable, phaseId: number) {
  return await rows(
    db,
    Version,
    `select version, hash, final_standing.created_at as "frozenAt", "user".name as "frozenBy", reason
     from final_standing
     left join "user" on "user".id = created_by_id
     where phase_id = $1
     order by version desc`,
    [phaseId],
  );
}

const Dates = z.object({ closesAt: z.date().nullable(), closed: z.boolean(), revealed: z.boolean() });

/**
 * Shows students the private board from now on.
 * @throws conflict where they see it already, and while anybody may still submit: they would know the private scores
 */
export async function revealByHand({ pool }: Database, by: Actor, { competition, phase }: Target): Promise<void> {
  await transaction(pool, async (client) => {
    await execute(client, 'select 1 from phase where id = $1 for no key update', [phase.id]);
    const { closesAt, closed, revealed } = await oneRow(
      client,
      Dates,
      `select latest.closes_at as "closesAt", coalesce(latest.closes_at < now(), false) as closed, reveal.revealed
       from phase
       join competition on competition.id = phase.competition_id
       join course on course.id = competition.course_id
       cross join ${latestDates} as latest
       cross join ${reveal} as reveal
       where phase.id = $1`,
      [phase.id],
    );
    if (revealed) throw new AppError('conflict', 'Students see the private board already.');
    if (!closed) {
      const why = closesAt
        ? `Somebody may still submit until ${formatInZone(closesAt, competition.course.timeZone)}, extensions included`
        : 'The phase has no due time, so everybody may still submit';
      throw new AppError(
        'conflict',
        `${why}, and would know the private scores. Reveal the board after that, or set an earlier due time first.`,
      );
    }
    const { revealedAt } = await oneRow(
      client,
      z.object({ revealedAt: z.date() }),
      'update phase set revealed_at = now() where id = $1 returning revealed_at as "revealedAt"',
      [phase.id],
    );
    const action = revealPrivateBoard.schema.operationId;
    const subject = `competition ${competition.slug}, phase ${phase.slug}`;
    await recordAct(client, by, { courseId: competition.courseId, action, subject, after: { revealedAt } });
  });
}

/** @throws conflict where there is nothing to freeze, or not yet */
export async function freezeAnew(
  { pool }: Database,
  by: Actor,
  { competition, phase }: Target,
  reason: string,
): Promise<void> {
  await transaction(pool, async (client) => {
    const outcome = await freeze(client, phase.id, { byId: by.userId, reason });
    if (outcome.kind !== 'frozen') throw new AppError('conflict', whyNot[outcome.kind]);
    const { version, hash, previousHash } = outcome;
    await recordAct(client, by, {
      courseId: competition.courseId,
      action: freezeFinalStanding.schema.operationId,
      subject: `competition ${competition.slug}, phase ${phase.slug}`,
      ...(previousHash !== null && { before: { version: version - 1, hash: previousHash } }),
      after: { version, hash, reason },
    });
  });
}

const whyNot: Readonly<Record<NotFrozen['kind'], string>> = {
  hidden: 'Students do not see the private board yet. Reveal it first.',
  waiting: 'Some submissions of the phase wait or run. Freeze the board once they are graded.',
  empty: 'Nobody is on the private board: there is nothing to freeze.',
  already: 'It is frozen already.',
};
