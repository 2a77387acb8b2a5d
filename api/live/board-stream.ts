import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';
import { openStream } from './sse.ts';

/** However many submissions are scored, a board is announced this often at most. */
const everyMs = 500;
/** How often the board is compared anyway, in case a change was not heard. */
const compareEveryMs = 10_000;

/** Sends a board's version when it changes, and once at the start unless the client has it. The client then reads the board. */
export function streamBoard(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  phaseId: number,
  readVersion: () => Promise<string>,
): void {
  const stream = openStream(request, reply);
  let sent = stream.lastEventId;
  let pending: NodeJS.Timeout | undefined;
  const compare = async () => {
    pending = undefined;
    try {
      const version = await readVersion();
      if (version !== sent) stream.send({ name: 'leaderboard', id: version, data: { version } });
      sent = version;
    } catch (error) {
      request.log.warn({ err: error }, 'a board could not be read for its stream');
    }
  };
  const stopListening = services.hub.onBoard(phaseId, () => {
    pending ??= setTimeout(() => void compare(), everyMs);
  });
  const interval = setInterval(() => void compare(), compareEveryMs);
  stream.onEnd(() => {
    stopListening();
    clearInterval(interval);
    clearTimeout(pending);
  });
  void compare();
}
