import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Submission } from '../../core/contract/submissions.ts';
import { makeCompetition, tinyPredictions } from '../support/competitions.ts';
import { readEvents } from '../support/events.ts';
import { makeCourse, type Person, type TestCourse } from '../support/people.ts';
import { startSystem, type System } from '../support/system.ts';

describe('live streams', () => {
  let system: System;
  let course: TestCourse;
  let ada: Person;
  let ben: Person;
  let slug: string;

  beforeAll(async () => {
    // No worker yet: what is submitted waits until a test starts one.
    system = await startSystem({ worker: false });
    course = await makeCourse(system, { students: 2 });
    const [first, second] = course.students;
    if (!first || !second) throw new Error('two students are needed');
    [ada, ben] = [first, second];
    slug = await makeCompetition(course);
  });
  afterAll(async () => await system.stop());

  const open = async (person: Person, path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    await fetch(`${system.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${person.token}`, ...headers },
      signal: signal ?? null,
    });

  it('tell a submission’s place in the queue, then each state, and end with the last', async () => {
    const before = await ben.submit(slug, tinyPredictions);
    const { id } = await ada.submit(slug, tinyPredictions);
    const response = await open(ada, `/submissions/${id}/events`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const seen: Submission[] = [];
    for await (const event of readEvents(response)) {
      expect(event.name).toBe('submission');
      seen.push(Submission.parse(event.data));
      if (seen.length === 1) {
        expect(seen[0]).toMatchObject({ id, state: 'queued', queuePosition: 2 });
        await ben.call(`POST /submissions/${before.id}/cancel`);
      }
      if (seen.at(-1)?.queuePosition === 1) await system.startWorker();
    }
    expect(seen.some((submission) => submission.queuePosition === 1)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ state: 'scored', scores: { public: { top1: { value: 0.5 } } } });
    expect(seen.at(-1)?.scores?.private).toBeUndefined();
  });

  it('resume: what the client has is not sent again', async () => {
    const { id } = await ada.submit(slug, tinyPredictions);
    await ada.finished(id);
    const first = await Array.fromAsync(readEvents(await open(ada, `/submissions/${id}/events`)));
    expect(first).toHaveLength(1);
    const again = await Array.fromAsync(
      readEvents(await open(ada, `/submissions/${id}/events`, { 'last-event-id': first[0]?.id ?? '' })),
    );
    expect(again).toEqual([]);
    const later = await Array.fromAsync(
      readEvents(await open(ada, `/submissions/${id}/events`, { 'last-event-id': '1.1' })),
    );
    expect(later).toHaveLength(1);
  });

  it('say when a board has changed', async () => {
    const abort = new AbortController();
    const versions: string[] = [];
    const response = await open(ben, `/competitions/${slug}/leaderboard/events`, {}, abort.signal);
    for await (const event of readEvents(response)) {
      expect(event.name).toBe('leaderboard');
      versions.push(event.id);
      if (versions.length === 1) await ben.submit(slug, 'id,label\na,0\nb,1\nc,2\nd,3\n');
      else break;
    }
    abort.abort();
    expect(new Set(versions).size).toBe(2);
  });

  it('refuse before they open, as a problem', async () => {
    const refused = await open(ada, `/competitions/${slug}/leaderboard/events?board=private`);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  });

  it('let go of everything when the client goes', async () => {
    const abort = new AbortController();
    const { id } = await ada.submit(slug, tinyPredictions);
    await ada.finished(id);
    const response = await open(ada, `/competitions/${slug}/leaderboard/events`, {}, abort.signal);
    const events = readEvents(response);
    expect((await events.next()).done).toBe(false);
    abort.abort();
    // The api can still be closed at once: see afterAll.
    expect((await ada.call('GET /me')).status).toBe(200);
  });
});
