// The limit: read the file and look at every byte once (looking for a byte that is not there).
import { closeSync, openSync, readSync } from 'node:fs';
import { runPeer } from './run-peer.mjs';

await runPeer(async () => {
  const buffer = Buffer.alloc(262_144);
  return async (path) => {
    const file = openSync(path);
    let zeros = 0;
    for (let count; (count = readSync(file, buffer, 0, buffer.length, null)) > 0;)
      if (buffer.subarray(0, count).includes(0)) zeros++;
    closeSync(file);
    return { zeros };
  };
});
