import type { FastifyReply, FastifyRequest } from 'fastify';
import { terminalStates } from '../../core/contract/submissions.ts';
import type { Services } from '../services.ts';
import { readSubmissions, submissionView, waitsForGraders, type SubmissionRow } from '../submissions/read.ts';
import { openStream } from './sse.ts';

/** Positions come once a second. */
const ticksPerLook = 3;

interface Opening {
  readonly row: SubmissionRow;
  readonly isStaff: boolean;
  /** It has changed since it was read. */
  readonly outdated: boolean;
}

/**
 * Sends a submission whenever it changes, until it is in a terminal state. Each event holds the whole state and is named by its version, so a
 * client that reconnects with Last-Event-ID misses nothing and hears nothing twice.
 */
export function streamSubmission(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { row: first, isStaff, outdated }: Opening,
): void {
  const stream = openStream(request, reply);
  let sent = stream.lastEventId;
  let current = first;
  let ticks = 1;

  const show = (row: SubmissionRow) => {
    // Two readings may overtake each other.
    if (row.version < current.version) return;
    current = row;
    const data = submissionView(row, isStaff);
    // What it waits for may change without it.
    const id = `${row.version}.${row.queuePosition ?? 0}${data.waitingFor === undefined ? '' : 'w'}`;
    if (id !== sent) stream.send({ name: 'submission', id, data });
    sent = id;
    if (terminalStates.includes(row.state)) stream.end();
  };
  let reading = false;
  let changed = false;
  /** Changes that come while one is read are read together: under load claim and verdict come within milliseconds. */
  const read = async () => {
    changed = true;
    if (reading) return;
    reading = true;
    while (changed) {
      changed = false;
      await readOnce();
    }
    reading = false;
  };
  const readOnce = async () => {
    try {
      const [row] = await readSubmissions(services, { id: first.id, limit: 1 });
      if (row) show(row);
      else stream.end();
    } catch (error) {
      request.log.warn({ err: error }, 'a submission could not be read for its stream; the next tick tries again');
    }
  };

  const stops = [
    // Who is no longer staff must not hear private scores: the client connects again, and is asked anew who it is.
    ...(isStaff ? [services.hub.onAccess(() => stream.end())] : []),
    services.hub.onSubmission(first.id, () => void read()),
    services.positions.listen((positions) => {
      const position = positions.get(first.id) ?? null;
      // Who runs code comes and goes without a sound.
      const isKnown = !waitsForGraders(current) || ticks++ % ticksPerLook !== 0;
      if (current.state === 'queued' && position !== null && isKnown) show({ ...current, queuePosition: position });
      // It left the queue, or runs: a change that was not heard shows here.
      else void read();
    }),
  ];
  stream.onEnd(() => {
    for (const stop of stops) stop();
  });
  show(first);
  if (outdated) void read();
}
