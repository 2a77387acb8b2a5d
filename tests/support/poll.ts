import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until `look` answers something, and answers it. Whatever it throws counts as nothing yet.
 * @throws after `withinMs`, naming `what` was waited for and what was thrown last
 */
export async function until<T>(what: string, withinMs: number, look: () => Promise<T | undefined | false>): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await look();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > giveUpAt) throw new Error(`not within ${withinMs} ms: ${what}`, { cause: last });
    await sleep(10);
  }
}
