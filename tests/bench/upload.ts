import { randomFillSync } from 'node:crypto';
import { digitsFile } from '../support/competitions.ts';
import { createBenchClient, formOf, type BenchClient } from './client.ts';
import { makeClass } from './people.ts';
import { median, type Report } from './report.ts';
import { startNode, startStack } from './stack.ts';

const bytes = 200_000_000;
const rounds = 7;
const chunkBytes = 1 << 20;

/** A large submission, from the first byte to the answer that it is kept: on the disk, hashed, and in Postgres. */
export async function benchUpload(report: Report): Promise<void> {
  report.suite('upload of 200 MB, to disk with SHA-256');
  // No worker: it would score what is uploaded while the next one is timed.
  const stack = await startStack({ worker: false });
  const bare = await startNode('tests/bench/bare/upload.ts', { BENCH_DIR: stack.dir });
  const client = createBenchClient();
  try {
    const { slug, token } = await makeClass(stack, { key: await digitsFile('solution.csv'), students: 1, teams: 1 });
    const url = `${stack.url}/api/v1/competitions/${slug}/submissions`;
    const content = randomFillSync(Buffer.alloc(bytes));
    const ways: Record<'pipe' | 'raw' | 'form', () => Promise<unknown>> = {
      pipe: async () => await client.post(bare.url, 'none', cut(content), 'application/octet-stream', 200),
      raw: async () =>
        await client.post(`${url}?filename=p.csv`, token(1), cut(content), 'application/octet-stream', 202),
      form: async () => await postForm(client, url, token(1), content),
    };
    const times = { pipe: new Array<number>(), raw: new Array<number>(), form: new Array<number>() };
    for (let round = 0; round <= rounds; round++) {
      // By turns, so that a slow moment of the disk meets all alike.
      for (const way of ['pipe', 'raw', 'form'] as const) {
        // Other bytes each time: a store that knew them already might not write them.
        content.writeUInt32LE(round * 3 + ['pipe', 'raw', 'form'].indexOf(way), 0);
        const startedMs = performance.now();
        await ways[way]();
        // The first round warms up.
        if (round > 0) times[way].push(performance.now() - startedMs);
      }
    }
    const peer = { name: 'raw Node pipe', value: median(times.pipe) };
    for (const [way, name] of [
      ['raw', 'as raw bytes'],
      ['form', 'as multipart/form-data'],
    ] as const) {
      const value = median(times[way]);
      report.add({ name, value, unit: 'ms', peer, target: { text: '≤ 1.2×', met: value / peer.value <= 1.2 } });
    }
    report.note(
      `Medians of ${rounds}, by turns. Both end with fdatasync; ours also renames, syncs the folder and commits a row.`,
    );
  } finally {
    client.close();
    await bare.stop();
    await stack.stop();
  }
}

async function postForm(client: BenchClient, url: string, token: string, content: Buffer): Promise<void> {
  const { body, type } = formOf(Buffer.alloc(0), 'p.csv');
  const [head = Buffer.alloc(0), , tail = Buffer.alloc(0)] = body;
  await client.post(url, token, [head, ...cut(content), tail], type, 202);
}

function cut(content: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(content.length / chunkBytes) }, (_, n) =>
    content.subarray(n * chunkBytes, (n + 1) * chunkBytes),
  );
}
