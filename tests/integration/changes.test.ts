import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../core/contract/jobs.ts';
import { createChangeSender, listenForChanges } from '../../core/queue/changes.ts';
import { testRedisUrl } from '../support/redis.ts';

const log = pino({ level: 'silent' });

describe('changes', () => {
  it('are heard by those on the same database of Redis with the same prefix, and by nobody else', async () => {
    const [mine, other] = [await testRedisUrl(), await testRedisUrl()];
    const heard: Record<string, Change[]> = { mine: [], otherDatabase: [], otherPrefix: [] };
    const listeners = [
      listenForChanges({ url: mine, prefix: 'a', log }, (change) => heard['mine']?.push(change)),
      listenForChanges({ url: other, prefix: 'a', log }, (change) => heard['otherDatabase']?.push(change)),
      listenForChanges({ url: mine, prefix: 'b', log }, (change) => heard['otherPrefix']?.push(change)),
    ];
    const senders = [
      createChangeSender({ url: mine, prefix: 'a', log }),
      createChangeSender({ url: other, prefix: 'a', log }),
      createChangeSender({ url: mine, prefix: 'b', log }),
    ];
    try {
      // Each sends until its own listener has heard it: then all are connected, and what crosses over would have come.
      await expect
        .poll(() => {
          for (const [index, sender] of senders.entries()) {
            sender.send({ kind: 'submission', submissionId: index + 1, phaseId: 1, state: 'scored', board: true });
          }
          return Object.values(heard).every((changes) => changes.length > 3);
        })
        .toBe(true);
      const senderOf = (changes: Change[] = []) =>
        new Set(changes.map((change) => (change.kind === 'submission' ? change.submissionId : 0)));
      expect(senderOf(heard['mine'])).toEqual(new Set([1]));
      expect(senderOf(heard['otherDatabase'])).toEqual(new Set([2]));
      expect(senderOf(heard['otherPrefix'])).toEqual(new Set([3]));
    } finally {
      for (const each of [...listeners, ...senders]) each.close();
    }
  });
});
