import { z } from 'zod';
import type { Queryable } from '../../core/db/sql.ts';

const rowsAtOnce = 500;

/**
 * The rows of a query, a page at a time, however many there are. In a transaction, and one query at a time.
 * @param query may name the course by $1
 */
export async function* pagesOf<T extends z.ZodType>(
  client: Queryable,
  schema: T,
  query: string,
  courseId: number,
): AsyncGenerator<z.output<T>[]> {
  // A cursor's query takes no parameters.
  await client.query(
    `declare course_rows no scroll cursor for ${query.replaceAll('$1', String(Math.trunc(courseId)))}`,
  );
  try {
    for (;;) {
      const { rows } = await client.query(`fetch ${rowsAtOnce} from course_rows`);
      if (rows.length === 0) return;
      yield z.array(schema).parse(rows);
    }
  } finally {
    // Where the transaction has failed, it is gone already.
    await client.query('close course_rows').catch(() => undefined);
  }
}
