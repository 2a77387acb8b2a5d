import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { registerImages } from '../../prisma/register-images.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** A competition with a phase for each image that is wanted; null accepts no code. */
async function makePhases(...wanted: (string | null)[]): Promise<void> {
  await pool.query('delete from grader_image');
  await pool.query('delete from course');
  await pool.query(`
    with made as (insert into course (slug, title, time_zone) values ('dl', 'Deep learning', 'UTC') returning id)
    insert into competition (course_id, slug, title, kind, metrics, classes, max_file_bytes)
    select id, 'c', 'C', 'homework', '{top1}', '{}', 1000 from made`);
  for (const [position, image] of wanted.entries()) {
    await pool.query(
      `insert into phase (competition_id, slug, title, position, run_settings)
       select id, $1, $1, $2, $3 from competition`,
      [`p${position}`, position, image === null ? null : { image }],
    );
  }
}

async function pins(): Promise<(string | null)[]> {
  const found = await pool.query<{ image_digest: string | null }>('select image_digest from phase order by position');
  return found.rows.map(({ image_digest }) => image_digest);
}

const python = { name: 'python', digest: 'sha256:aaaaaaaaaaaaaaaa', bytes: 5_000_000_000 };

beforeEach(() => makePhases('python', 'scorer', null));

it('lists an image and pins the phases that wait for one of its name, and no other', async () => {
  expect(await registerImages(pool, [python])).toEqual([
    'registered the image python (aaaaaaaaaaaa)',
    'pinned 1 phase to the image python',
  ]);
  expect(await pins()).toEqual([python.digest, null, null]);
});

it('has nothing to say the second time', async () => {
  await registerImages(pool, [python]);
  expect(await registerImages(pool, [python])).toEqual([]);
});

it('leaves a phase with the image that it began with when a newer one comes', async () => {
  await registerImages(pool, [python]);
  const newer = { ...python, digest: 'sha256:bbbbbbbbbbbbbbbb' };
  expect(await registerImages(pool, [newer])).toEqual(['registered the image python (bbbbbbbbbbbb)']);
  expect(await pins()).toEqual([python.digest, null, null]);
});

it('does not rename what is listed, and pins nothing to it by another name', async () => {
  await registerImages(pool, [python]);
  expect(await registerImages(pool, [{ ...python, name: 'scorer' }])).toEqual([
    'aaaaaaaaaaaa is registered as python already and keeps that name',
  ]);
  expect(await pins()).toEqual([python.digest, null, null]);
});
