import { randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../core/db/open.ts';
import { median } from './report.ts';

/** Puts a file where a power cut does not take it, 200 times: the median in milliseconds. */
export async function benchDurableFiles(dir: string, content: Buffer): Promise<number> {
  const folder = join(dir, 'durable');
  await mkdir(folder, { recursive: true });
  return await medianOf(200, async () => {
    const name = join(folder, randomUUID());
    const file = await open(`${name}.new`, 'wx');
    await file.write(content);
    await file.datasync();
    await file.close();
    await rename(`${name}.new`, name);
    const handle = await open(folder, 'r');
    await handle.sync();
    await handle.close();
  });
}

/** Inserts a row of a submission's size and commits, 200 times on one connection: the median in milliseconds. */
export async function benchCommits({ pool }: Database): Promise<number> {
  await pool.query('create table bench_commit (id serial primary key, content text not null)');
  const content = 'x'.repeat(400);
  const time = await medianOf(200, async () => {
    await pool.query({
      name: 'bench-commit',
      text: 'insert into bench_commit (content) values ($1)',
      values: [content],
    });
  });
  await pool.query('drop table bench_commit');
  return time;
}

async function medianOf(times: number, work: () => Promise<void>): Promise<number> {
  const measured: number[] = [];
  for (let n = 0; n < times; n++) {
    const startedMs = performance.now();
    await work();
    measured.push(performance.now() - startedMs);
  }
  return median(measured);
}
