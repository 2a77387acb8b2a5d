import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { terminalStates } from '../../core/contract/submissions.ts';
import { openStream, type EventStream } from '../live/sse.ts';
import type { Services } from '../services.ts';
import { requireSubmission } from '../submissions/submit.ts';
import { readLiveText } from './live-text.ts';
import { readTail } from './log.ts';
import { logAccess, readRuns, runSummary, stageOf, type RunRow } from './read.ts';

interface Watched {
  readonly submissionId: number;
  readonly isStaff: boolean;
}

/** However often a run goes on, its readers are told this often at most. */
const everyMs = 200;
/** How often it is looked at anyway, in case a change was not heard. */
const lookEveryMs = 1_000;

/**
 * Sends the newest run, its samples and its log as they grow, and ends with it; of a run that has ended, what is kept. Where the submission waits
 * for its next attempt, that one is waited for. Ids are attempt and offset, so a client that reconnects goes on in the log where it was.
 */
export function streamRun(services: Services, request: FastifyRequest, reply: FastifyReply, watched: Watched): void {
  const stream = openStream(request, reply);
  let wake = Promise.withResolvers<void>();
  let isOver = false;
  const stir = () => wake.resolve();
  const stops = [
    services.hub.onRun(watched.submissionId, stir),
    services.hub.onSubmission(watched.submissionId, stir),
    // Who is no longer staff must not see more than students do: the client connects again, and is asked anew who it is.
    ...(watched.isStaff ? [services.hub.onAccess(() => stream.end())] : []),
  ];
  stream.onEnd(() => {
    isOver = true;
    for (const stop of stops) stop();
    stir();
  });
  const step = createFollower(services, stream, watched);
  const follow = async () => {
    while (!isOver) {
      wake = Promise.withResolvers<void>();
      try {
        if (await step()) {
          stream.end();
          return;
        }
      } catch (error) {
        request.log.warn({ err: error }, 'a run could not be read for its stream; it is tried again');
      }
      await Promise.all([sleep(everyMs), Promise.race([wake.promise, sleep(lookEveryMs)])]);
    }
  };
  void follow();
}

/** @returns a function that sends what is new, and answers whether that was all */
function createFollower(services: Services, stream: EventStream, { submissionId, isStaff }: Watched) {
  const { db, dataDir } = services;
  let [attempt, offset] = resumed(stream.lastEventId);
  let told = '';
  let sampledTo = -1;

  const send = (name: string, data: unknown) => stream.send({ name, id: `${attempt}.${offset}`, data });
  const begin = (run: RunRow) => {
    if (run.attempt !== attempt) offset = 0;
    attempt = run.attempt;
    told = '';
    sampledTo = -1;
  };
  const tell = (run: RunRow) => {
    const summary = runSummary(run, isStaff);
    const text = JSON.stringify(summary);
    if (text !== told) send('run', summary);
    told = text;
    for (const sample of run.samples ?? []) {
      if (sample.t <= sampledTo) continue;
      sampledTo = sample.t;
      send('sample', sample);
    }
  };
  const tellLog = async (run: RunRow, isEnded: boolean) => {
    const access = logAccess(run, isStaff);
    if (access === 'all') {
      const before = offset;
      for (;;) {
        if (stream.isFull()) return false;
        const piece = await readLiveText(dataDir, run, offset, isEnded);
        if (piece === undefined) break;
        offset = piece.next;
        send('log', { offset: piece.offset, text: piece.text, skipped: piece.skipped });
      }
      // What is live is gone some time after the run: what is kept is sent to who has nothing yet.
      return before > 0 || offset > 0 || !isEnded || run.logHash === null ? true : await tellKept(run.logHash);
    }
    if (access === 'tail' && isEnded && offset === 0 && run.logHash !== null) {
      const text = await readTail(services, run.logHash, run.logBytes ?? 0);
      send('log', { offset: 0, text, skipped: Math.max(0, (run.logBytes ?? 0) - Buffer.byteLength(text)) });
    }
    return true;
  };
  const tellKept = async (hash: string) => {
    for await (const text of services.blobs.read(hash).setEncoding('utf8')) {
      while (stream.isFull()) await sleep(everyMs);
      const chunk = String(text);
      const at = offset;
      offset += Buffer.byteLength(chunk);
      send('log', { offset: at, text: chunk, skipped: 0 });
    }
    return true;
  };

  let current: number | undefined;
  return async (): Promise<boolean> => {
    const submission = await requireSubmission(services, submissionId);
    const isDone = terminalStates.includes(submission.state);
    const [run] = await readRuns(db.pool, { submissionIds: [submissionId], newest: true, withSamples: true });
    // An earlier attempt, while the next one is on its way.
    if (!run || (!isDone && run.attempt !== submission.attempt)) return isDone;
    if (run.attempt !== current) begin(run);
    current = run.attempt;
    tell(run);
    const isEnded = stageOf(run) === 'ended';
    const isAllTold = await tellLog(run, isEnded || run.ending !== null);
    return isEnded && isAllTold;
  };
}

/** Attempt and offset of the last event that the client had. */
function resumed(lastEventId: string | undefined): [number, number] {
  const match = /^(\d{1,9})\.(\d{1,15})$/.exec(lastEventId ?? '');
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
}
