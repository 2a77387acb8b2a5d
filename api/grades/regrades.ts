import { z } from 'zod';
import { Grade } from '../../core/contract/grade-scheme.ts';
import { decideRegrade, type MyGrade, type Regrade } from '../../core/contract/regrades.ts';
import type { Database } from '../../core/db/open.ts';
import { execute, maybeRow, oneRow, rows, transaction, type Queryable } from '../../core/db/sql.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError, notFound } from '../errors.ts';
import { formatInZone } from '../http/zone.ts';
import { subjectOf, type Target } from './target.ts';

type Pool = Pick<Database, 'pool'>;

const Release = z.object({
  grade: Grade,
  releasedAt: z.date(),
  regradeUntil: z.date().nullable(),
  inTime: z.boolean(),
});

/** What a student may know of their own grade: nothing before it is released. */
export async function readMyGrade(db: Queryable, target: Target, userId: number): Promise<MyGrade> {
  const release = await findRelease(db, target, userId);
  const regrades = await readRegrades(db, { phaseId: target.phase.id, userId });
  return {
    competition: target.competition.slug,
    phase: target.phase.slug,
    released: release
      ? {
          grade: release.grade,
          releasedAt: release.releasedAt.toISOString(),
          regradeUntil: release.regradeUntil?.toISOString() ?? null,
        }
      : null,
    mayAsk: release?.inTime === true && regrades.every(({ state }) => state !== 'open'),
    regrades: regrades.map(forStudent),
  };
}

async function findRelease(db: Queryable, { phase }: Target, userId: number) {
  return await maybeRow(
    db,
    Release,
    `select grade,
            released_at as "releasedAt",
            regrade_until as "regradeUntil",
            coalesce(regrade_until >= now(), false) as "inTime"
     from grade_release
     where phase_id = $1 and user_id = $2`,
    [phase.id, userId],
  );
}

/**
 * Opens a request about one's own grade.
 * @throws conflict where nothing is released or a request is open, deadline-passed after the days for it
 */
export async function openRegrade({ pool }: Pool, { userId }: Actor, target: Target, text: string): Promise<Regrade> {
  return await transaction(pool, async (client) => {
    const release = await findRelease(client, target, userId);
    if (!release) throw new AppError('conflict', 'Your grade is not released, so there is nothing to ask about yet.');
    if (!release.inTime) throw tooLate(target, release.regradeUntil);
    const opened = await maybeRow(
      client,
      z.object({ id: z.number().int() }),
      `insert into regrade_request (phase_id, user_id)
       values ($1, $2)
       on conflict (phase_id, user_id) where state = 'open' do nothing
       returning id`,
      [target.phase.id, userId],
    );
    if (!opened)
      throw new AppError(
        'conflict',
        'You have asked already, and that request is open. Write what you want to add into its thread.',
      );
    await writeMessage(client, opened.id, userId, { fromStaff: false, text });
    return forStudent(await getRegrade(client, opened.id));
  });
}

function tooLate({ competition }: Target, until: Date | null): AppError {
  const detail = until
    ? `Regrades could be asked for until ${formatInZone(until, competition.course.timeZone)}. Talk to the staff if there is a reason to look again.`
    : 'No regrades can be asked for here. Talk to the staff if there is a reason to look again.';
  return new AppError('deadline-passed', detail);
}

const Whose = z.object({
  courseId: z.number().int(),
  competition: z.string(),
  phase: z.string(),
  userId: z.number().int(),
});

/** Where a request belongs; undefined: there is none with this id. */
export async function whoseRegrade(db: Queryable, id: number): Promise<z.output<typeof Whose> | undefined> {
  return await maybeRow(
    db,
    Whose,
    `select competition.course_id as "courseId",
            competition.slug as competition,
            phase.slug as phase,
            regrade_request.user_id as "userId"
     from regrade_request
     join phase on phase.id = regrade_request.phase_id
     join competition on competition.id = phase.competition_id
     where regrade_request.id = $1`,
    [id],
  );
}

/** @throws conflict where the request is decided */
export async function reply(
  { pool }: Pool,
  { userId }: Actor,
  id: number,
  message: { readonly fromStaff: boolean; readonly text: string },
): Promise<Regrade> {
  return await transaction(pool, async (client) => {
    await lockOpen(client, id);
    await writeMessage(client, id, userId, message);
    const regrade = await getRegrade(client, id);
    return message.fromStaff ? regrade : forStudent(regrade);
  });
}

/** @throws conflict where the request is decided already */
export async function decide(
  { pool }: Pool,
  by: Actor,
  { id, target }: { id: number; target: Target },
  { outcome, text }: z.output<typeof decideRegrade.schema.body>,
): Promise<Regrade> {
  return await transaction(pool, async (client) => {
    await lockOpen(client, id);
    await writeMessage(client, id, by.userId, { fromStaff: true, text });
    await execute(client, `update regrade_request set state = $2::regrade_state, decided_at = now() where id = $1`, [
      id,
      outcome,
    ]);
    const regrade = await getRegrade(client, id);
    await recordAct(client, by, {
      courseId: target.competition.courseId,
      action: decideRegrade.schema.operationId,
      subject: `regrade request ${id}, ${subjectOf(target, regrade.student)}`,
      before: { state: 'open' },
      after: { state: outcome, text },
    });
    return regrade;
  });
}

/** One decision only, and nothing is written below it. */
async function lockOpen(client: Queryable, id: number): Promise<void> {
  const { state } = await oneRow(
    client,
    z.object({ state: z.string() }),
    'select state::text from regrade_request where id = $1 for update',
    [id],
  );
  if (state !== 'open')
    throw new AppError('conflict', `This request is closed: it was ${state}. Nothing can be added to it.`);
}

async function writeMessage(
  client: Queryable,
  requestId: number,
  authorId: number,
  { fromStaff, text }: { readonly fromStaff: boolean; readonly text: string },
): Promise<void> {
  await execute(
    client,
    'insert into regrade_message (request_id, author_id, from_staff, text) values ($1, $2, $3, $4)',
    [requestId, authorId, fromStaff, text],
  );
}

async function getRegrade(client: Queryable, id: number): Promise<Regrade> {
  const [regrade] = await readRegrades(client, { id });
  if (!regrade) throw notFound('regrade request with this id');
  return regrade;
}

const Row = z.object({
  id: z.number().int(),
  state: z.enum(['open', 'granted', 'declined']),
  openedAt: z.date(),
  decidedAt: z.date().nullable(),
  userId: z.number().int(),
  name: z.string(),
  email: z.string(),
  messages: z.array(
    z.object({
      id: z.number().int(),
      fromStaff: z.boolean(),
      name: z.string(),
      text: z.string(),
      at: z.coerce.date(),
    }),
  ),
});

/** As staff see them: the open ones first, the oldest first, then those decided, the newest first. */
export async function readRegrades(
  db: Queryable,
  { id, phaseId, userId }: { id?: number; phaseId?: number; userId?: number },
): Promise<Regrade[]> {
  const found = await rows(
    db,
    Row,
    `select regrade_request.id,
            regrade_request.state::text,
            regrade_request.opened_at as "openedAt",
            regrade_request.decided_at as "decidedAt",
            regrade_request.user_id as "userId",
            student.name,
            student.email,
            (select jsonb_agg(
                      jsonb_build_object(
                        'id', message.id, 'fromStaff', message.from_staff, 'name', author.name, 'text', message.text, 'at', message.at)
                      order by message.id)
             from regrade_message as message
             join "user" as author on author.id = message.author_id
             where message.request_id = regrade_request.id) as messages
     from regrade_request
     join "user" as student on student.id = regrade_request.user_id
     where ($1::int is null or regrade_request.id = $1)
       and ($2::int is null or regrade_request.phase_id = $2)
       and ($3::int is null or regrade_request.user_id = $3)
     order by regrade_request.state <> 'open',
              case when regrade_request.state = 'open' then regrade_request.id else -regrade_request.id end`,
    [id ?? null, phaseId ?? null, userId ?? null],
  );
  return found.map(({ openedAt, decidedAt, messages, userId: whose, name, email, ...row }) => ({
    ...row,
    openedAt: openedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    student: { userId: whose, name, email },
    messages: messages.map(({ id: messageId, fromStaff, name: author, text, at }) => ({
      id: messageId,
      author: fromStaff ? ('staff' as const) : ('student' as const),
      name: author,
      text,
      at: at.toISOString(),
    })),
  }));
}

/** Which of the staff wrote is theirs to tell. */
function forStudent({ id, state, openedAt, decidedAt, messages }: Regrade): Regrade {
  return {
    id,
    state,
    openedAt,
    decidedAt,
    messages: messages.map(({ id: messageId, author, text, at }) => ({ id: messageId, author, text, at })),
  };
}
