import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Log } from '../log.ts';
import { PrismaClient } from './generated/client.ts';

/** Postgres, twice over one pool: Prisma for plain rows, SQL where a guard, a lock or speed matters. */
export interface Database {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections: number;
  readonly log: Log;
}

/** Opens lazily: nothing is connected until the first query, and a Postgres that restarts is connected to again. */
export function openDatabase({ url, maxConnections, log }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 30_000,
    // By this side's clock: a network that drops everything must not hold a request, a claim or a shutdown for ever.
    query_timeout: 35_000,
    keepAlive: true,
  });
  // A connection that breaks while idle emits here; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'));
  // So does one that breaks just after it failed a query and was given up: then nobody else listens.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ err: error }, 'a database connection broke'));
  });
  // Its own few seconds would end transactions that the limits above allow.
  const transactionOptions = { maxWait: 10_000, timeout: 30_000 };
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions });
  return {
    prisma,
    pool,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
