import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

const perfect = 'id,label\na,0\nb,1\nc,2\nd,3\n';
const wrong = 'id,label\na,3\nb,3\nc,0\nd,0\n';

describe('the leaderboard', () => {
  let system: System;
  let course: TestCourse;
  let slug: string;

  beforeAll(async () => {
    system = await startSystem();
    course = await makeCourse(system, { students: 4 });
    slug = await makeCompetition(course);
    // In this order: half right, all right, half right again, nothing right.
    for (const [index, content] of [tinyPredictions, perfect, tinyPredictions, wrong].entries()) {
      const { id } = await student(index).submit(slug, content);
      await student(index).finished(id);
    }
  });
  afterAll(async () => await system.stop());

  function student(index: number): Person {
    const person = course.students[index];
    if (!person) throw new Error(`no student ${index}`);
    return person;
  }
  const read = async (person: Person, query = '') =>
    Leaderboard.parse((await person.call(`GET /competitions/${slug}/leaderboard${query}`)).body);

  it('ranks by score, and equal scores by who was first', async () => {
    const names = await Promise.all([0, 1, 2, 3].map(async (index) => (await read(student(index))).me?.name));
    const board = await read(student(0));
    expect(board.rows.map(({ rank, name, value }) => [rank, name, value])).toEqual([
      [1, names[1], 1],
      [2, names[0], 0.5],
      [3, names[2], 0.5],
      [4, names[3], 0],
    ]);
    expect(board.teams).toBe(4);
  });

  it('shows each metric with its counts and its 95 % Wilson interval', async () => {
    const { rows } = await read(course.instructor);
    const { value, hits, rows: n, low, high } = rows[1]?.scores['top1'] ?? {};
    expect({ value, hits, n }).toEqual({ value: 0.5, hits: 1, n: 2 });
    // For 1 of 2: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n), with z = 1.959964.
    expect(low).toBeCloseTo(0.0945312, 6);
    expect(high).toBeCloseTo(0.9054688, 6);
    // Students are told five decimals and no counts: single rows must not show.
    expect((await read(student(0))).rows[1]?.scores['top1']).toEqual({
      value: 0.5,
      rows: 2,
      low: 0.09453,
      high: 0.90547,
    });
  });

  it('gives the own row wherever it stands, and pages', async () => {
    const first = await read(student(3), '?limit=2');
    expect(first.rows.map((row) => row.rank)).toEqual([1, 2]);
    expect(first.me?.rank).toBe(4);
    const second = await read(student(3), `?limit=2&cursor=${first.nextCursor}`);
    expect(second.rows.map((row) => row.rank)).toEqual([3, 4]);
    expect(second.nextCursor).toBeUndefined();
    expect((await read(student(3), '?cursor=1000')).rows).toEqual([]);
  });

  it('shows names to staff and pseudonyms of two words to classmates', async () => {
    const forStaff = await read(course.ta);
    expect(forStaff.rows[0]?.members).toEqual([{ name: student(1).name, email: student(1).email }]);
    expect(forStaff.me).toBeNull();
    for (const row of (await read(student(0))).rows) {
      expect(row.name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
      expect(Object.keys(row).toSorted()).toEqual(['baseline', 'name', 'rank', 'scores', 'value']);
    }
  });

  it('answers 304 while nothing has changed, and not to another team’s tag', async () => {
    const get = async (person: Person, etag?: string) =>
      await person.call(`GET /competitions/${slug}/leaderboard`, {
        headers: etag === undefined ? {} : { 'if-none-match': etag },
      });
    const etag = (await get(student(0))).headers.get('etag') ?? '';
    expect((await get(student(0), etag)).status).toBe(304);
    expect((await get(student(0), etag)).text).toBe('');
    expect((await get(student(1), etag)).status).toBe(200);
    expect((await get(course.ta, etag)).status).toBe(200);
    const { id } = await student(0).submit(slug, perfect);
    await student(0).finished(id);
    const after = await get(student(0), etag);
    expect(after.status).toBe(200);
    expect(Leaderboard.parse(after.body).me?.rank).toBe(2);
  });

  it('says the same packed and plain, under different tags', async () => {
    const get = async (encoding: string) =>
      await student(0).call(`GET /competitions/${slug}/leaderboard`, { headers: { 'accept-encoding': encoding } });
    const [packed, plain] = [await get('gzip'), await get('identity')];
    expect([packed.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null]);
    expect(packed.text).toBe(plain.text);
    expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    expect(packed.headers.get('vary')).toContain('accept-encoding');
  });

  it('is a CSV for staff in which no cell is a formula', async () => {
    await system.db.prisma.user.update({
      where: { id: student(1).id },
      data: { name: '=HYPERLINK("https://evil.example","x")' },
    });
    await system.db.prisma.team.updateMany({
      where: { members: { some: { userId: student(1).id } } },
      data: { pseudonym: '@SUM(1+1), "quoted"' },
    });
    // A board is trusted for a while; a new score has it read again.
    await student(2).finished((await student(2).submit(slug, wrong)).id);
    await student(3).finished((await student(3).submit(slug, tinyPredictions)).id);
    const csv = await course.ta.call(`GET /competitions/${slug}/leaderboard.csv`);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const [header, first] = csv.text.split('\r\n');
    expect(header).toBe('rank,team,members,emails,top1,top5,submission,submitted_at');
    expect(first).toContain(
      `1,"'@SUM(1+1), ""quoted""","'=HYPERLINK(""https://evil.example"",""x"")",${student(1).email},1,1,`,
    );
  });

  it('does not rank staff who try their own competition', async () => {
    const { id } = await course.ta.submit(slug, perfect);
    expect(await course.ta.finished(id)).toMatchObject({ state: 'scored' });
    expect((await read(course.instructor)).teams).toBe(4);
  });
});
