import { z } from 'zod';
import { Board, customMetricName } from '../../core/contract/scores.ts';
import { applyKeyPreview, createKeyPreview, type KeyMove, type KeyPreview } from '../../core/contract/key-previews.ts';
import { execute, maybeRow, oneRow, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { counted } from '../../core/submissions/counted.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError, notFound } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { countsOf, keyReading, replaceAnswerKey, requireCompiles, requireSecret } from './answer-key.ts';
import type { FullCompetition, FullPhase } from './cache.ts';

interface Target {
  readonly competition: FullCompetition;
  readonly phase: FullPhase;
}

/**
 * Has workers compute what an answer key would change. It changes nothing but that an earlier preview of the phase is discarded.
 * @throws answer-key-rejected, or conflict where scores can't be computed without a sandbox
 */
export async function previewKey(
  services: Services,
  by: Actor,
  { competition, phase }: Target,
  file: ReceivedFile,
): Promise<KeyPreview> {
  if (competition.metrics.includes(customMetricName))
    throw new AppError(
      'conflict',
      'The metric custom is the competition’s own program, which a preview does not run. Replace the answer key without one: PUT …/answer-key.',
    );
  const { hash } = file.blob;
  await requireSecret(services, competition.id, hash);
  const { summary } = await requireCompiles(
    services,
    { keyHash: hash, ...keyReading(competition, competition.metrics) },
    'The answer key was not taken',
  );
  return await transaction(services.db.pool, async (client) => {
    // One new preview of a phase at a time.
    await client.query('select 1 from phase where id = $1 for no key update', [phase.id]);
    await execute(
      client,
      `update key_preview set state = 'discarded', lease_until = null where phase_id = $1 and state in ('computing', 'ready', 'failed')`,
      [phase.id],
    );
    const { id } = await oneRow(
      client,
      z.object({ id: z.number().int() }),
      `insert into key_preview (phase_id, key_hash, counts, replaces_hash, created_by_id)
       select phase.id, $2, $3, answer_key.hash, $4
       from phase
       left join answer_key on answer_key.id = phase.answer_key_id
       where phase.id = $1
       returning id`,
      [phase.id, hash, JSON.stringify(countsOf(summary)), by.userId],
    );
    await recordAct(client, by, {
      courseId: competition.courseId,
      action: createKeyPreview.schema.operationId,
      subject: `competition ${competition.slug}, phase ${phase.slug}`,
      after: { preview: id, version: hash, ...countsOf(summary) },
    });
    return await readPreview(client, competition, id);
  });
}

/**
 * Puts a previewed key in force, and has all be scored with it. What came in meanwhile is scored with it as well.
 * @throws not-found, or conflict where it is not ready, or another key was put in force since
 */
export async function applyPreview(services: Services, by: Actor, competition: FullCompetition, id: number) {
  const preview = await readPreview(services.db.pool, competition, id);
  const phase = competition.phases.find(({ slug }) => slug === preview.phase);
  if (phase === undefined) throw notFound(`phase "${preview.phase}"`);
  return await replaceAnswerKey(services, {
    competition,
    phase,
    hash: preview.version,
    userId: by.userId,
    rescore: true,
    action: applyKeyPreview.schema.operationId,
    also: async (client) => await markApplied(client, id),
  });
}

/** The phase must be locked. */
async function markApplied(client: Queryable, id: number): Promise<void> {
  const applied = await execute(
    client,
    `update key_preview
     set state = 'applied'
     from phase
     left join answer_key on answer_key.id = phase.answer_key_id
     where key_preview.id = $1
       and phase.id = key_preview.phase_id
       and key_preview.state = 'ready'
       and key_preview.replaces_hash is not distinct from answer_key.hash`,
    [id],
  );
  if (applied === 1) return;
  const { state } = await oneRow(
    client,
    z.object({ state: z.string() }),
    'select state::text from key_preview where id = $1',
    [id],
  );
  throw new AppError(
    'conflict',
    state === 'ready'
      ? 'Another answer key was put in force since this preview was made. Make a new one.'
      : `This preview is ${state}; only one that is ready can be applied.`,
  );
}

const Row = z.object({
  id: z.number().int(),
  phaseId: z.number().int(),
  phase: z.string(),
  state: z.enum(['computing', 'ready', 'failed', 'applied', 'discarded']),
  version: z.string(),
  counts: z.object({
    rows: z.number(),
    publicRows: z.number(),
    privateRows: z.number(),
    ignoredRows: z.number(),
  }),
  total: z.number().int(),
  done: z.number().int(),
  fault: z.string().nullable(),
  createdAt: z.date(),
});

/** @throws not-found for one of another competition */
export async function readPreview(db: Queryable, competition: FullCompetition, id: number): Promise<KeyPreview> {
  const row = await maybeRow(
    db,
    Row,
    `select key_preview.id,
            phase.id as "phaseId",
            phase.slug as phase,
            key_preview.state::text,
            key_preview.key_hash as version,
            key_preview.counts,
            (select count(*)::int
             from submission
             where submission.phase_id = phase.id and (submission.scores is not null or submission.report is not null)) as total,
            (select count(*)::int from key_preview_score where preview_id = key_preview.id) as done,
            key_preview.fault,
            key_preview.created_at as "createdAt"
     from key_preview
     join phase on phase.id = key_preview.phase_id
     where key_preview.id = $1 and phase.competition_id = $2`,
    [id, competition.id],
  );
  if (row === undefined) throw notFound(`preview ${id}`);
  const { phaseId, counts, fault, createdAt, ...rest } = row;
  const { total, done, state } = rest;
  return {
    ...rest,
    ...counts,
    unknown: state === 'computing' ? 0 : Math.max(0, total - done),
    ...(fault !== null && { fault }),
    createdAt: createdAt.toISOString(),
    ...(state === 'ready' && { moves: await readMoves(db, phaseId, id) }),
  };
}

const Move = z.object({
  board: Board,
  team: z.string(),
  baseline: z.boolean(),
  members: z.array(z.object({ name: z.string(), email: z.string() })),
  beforeRank: z.number().int().nullable(),
  beforeValue: z.number().nullable(),
  beforeId: z.number().int().nullable(),
  afterRank: z.number().int().nullable(),
  afterValue: z.number().nullable(),
  afterId: z.number().int().nullable(),
});

/** Where each team stands, and where it would: the same statement that keeps standings, over the scores of the preview. */
async function readMoves(db: Queryable, phaseId: number, previewId: number): Promise<KeyPreview['moves']> {
  const found = await rows(
    db,
    Move,
    `with ${counted(`
       select *
       from (
         select submission.id,
                submission.team_id,
                submission.received_at,
                submission.selected_at is not null as selected,
                case when fresh.submission_id is null then submission.public_value else fresh.public_value end as public_value,
                case when fresh.submission_id is null then submission.private_value else fresh.private_value end as private_value
         from submission
         left join key_preview_score fresh on fresh.preview_id = $2 and fresh.submission_id = submission.id
         where submission.phase_id = $1 and submission.disqualified_at is null
       ) as anew
       where public_value is not null or private_value is not null`)},
     before as (
       ${ranked('select board, team_id, submission_id as id, value, received_at from standing where phase_id = $1')}
     ),
     after as (
       ${ranked('select * from counted')}
     )
     select board::text,
            team.pseudonym as team,
            team.kind = 'baseline' as baseline,
            array(
              select json_build_object('name', "user".name, 'email', "user".email)
              from team_member
              join "user" on "user".id = team_member.user_id
              where team_member.team_id = team.id
              order by "user".name, "user".id
            ) as members,
            before.rank as "beforeRank",
            before.value as "beforeValue",
            before.id as "beforeId",
            after.rank as "afterRank",
            after.value as "afterValue",
            after.id as "afterId"
     from before
     full join after using (board, team_id)
     join team on team.id = team_id
     order by after.place, before.place`,
    [phaseId, previewId],
  );
  const movesOn = (board: Board) => found.filter((move) => move.board === board).map(viewMove);
  return { public: movesOn('public'), private: movesOn('private') };
}

/** SQL: the places on a board as people see them: baselines stand in the order and take no rank; staff are not there. */
function ranked(places: string): string {
  return `
    select board, team_id, places.id, value,
           row_number() over board_order as place,
           case when team.kind = 'students' then (count(*) filter (where team.kind = 'students') over board_order)::int end as rank
    from (${places}) as places
    join team on team.id = team_id and team.kind <> 'staff'
    window board_order as (partition by board order by value desc, received_at, places.id)`;
}

function viewMove(move: z.infer<typeof Move>): KeyMove {
  const place = (rank: number | null, value: number | null, submissionId: number | null) =>
    value === null || submissionId === null ? null : { rank, value, submissionId };
  return {
    team: move.team,
    baseline: move.baseline,
    members: move.members,
    before: place(move.beforeRank, move.beforeValue, move.beforeId),
    after: place(move.afterRank, move.afterValue, move.afterId),
  };
}
