import { z } from 'zod';
import type { Prisma } from '../db/generated/client.ts';
import { execute, maybeRow, type Queryable } from '../db/sql.ts';

export interface Letter {
  /** An address. */
  readonly to: string;
  /** One line. */
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

/** Puts mail into the outbox, in the transaction that means it: it is sent if that is committed, once, whatever breaks meanwhile. */
export async function post(client: Queryable | Prisma.TransactionClient, letters: readonly Letter[]): Promise<void> {
  const [to, subjects, texts] = [
    letters.map((letter) => letter.to),
    letters.map(({ subject }) => subject),
    letters.map(({ text }) => text),
  ];
  if ('query' in client) {
    await execute(
      client,
      `insert into mail (recipient, subject, text) select * from unnest($1::text[], $2::text[], $3::text[])`,
      [to, subjects, texts],
    );
  } else {
    await client.$executeRaw`
      insert into mail (recipient, subject, text)
      select * from unnest(${to}::text[], ${subjects}::text[], ${texts}::text[])`;
  }
}

const Claimed = z.object({
  id: z.number().int(),
  recipient: z.string(),
  subject: z.string(),
  text: z.string(),
  tries: z.number().int(),
  createdAt: z.date(),
});

/** A letter that nobody else sends for ten minutes; `tries` is the fencing token. */
export type Claimed = z.output<typeof Claimed>;

/** The letter that has waited longest; undefined where none is due. A worker that dies with it leaves it to the next one. */
export async function claimLetter(db: Queryable): Promise<Claimed | undefined> {
  return await maybeRow(
    db,
    Claimed,
    `update mail
     set tries = tries + 1, try_at = now() + interval '10 minutes'
     where id = (
       select id from mail where state = 'waiting' and try_at <= now() order by try_at, id limit 1 for update skip locked
     )
     returning id, recipient, subject, text, tries, created_at as "createdAt"`,
  );
}

/** Its text is gone with it: it may hold a link that sets a password. */
export async function letterSent(db: Queryable, { id, tries }: Claimed): Promise<void> {
  await execute(
    db,
    `update mail set state = 'sent', sent_at = now(), text = '', error = null where id = $1 and tries = $2 and state = 'waiting'`,
    [id, tries],
  );
}

const mostTries = 20;

/** Tries again later, at first after a minute, later after six hours; gives up after some days, or at once where the recipient was refused for good. */
export async function letterFailed(
  db: Queryable,
  { id, tries }: Claimed,
  { error, forGood }: { readonly error: string; readonly forGood: boolean },
): Promise<void> {
  const givenUp = forGood || tries >= mostTries;
  await execute(
    db,
    `update mail
     set error = $3,
         state = case when $4 then 'failed' else state end,
         text = case when $4 then '' else text end,
         try_at = now() + least(360, 2 ^ least(tries - 1, 10)) * interval '1 minute'
     where id = $1 and tries = $2 and state = 'waiting'`,
    [id, tries, error, givenUp],
  );
}

/** What was sent or given up is forgotten after a month: it names people. */
export async function forgetOldMail(db: Queryable): Promise<void> {
  await execute(db, `delete from mail where state <> 'waiting' and created_at < now() - interval '30 days'`);
  await execute(db, `delete from password_link where expires_at < now() - interval '30 days'`);
}
