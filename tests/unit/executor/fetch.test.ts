import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack, type Header } from 'tar-stream';
import { expect, it, onTestFinished } from 'vitest';
import { collect, type Wanted } from '../../../worker/executor/fetch.ts';

type Part = Partial<Header> & { name: string; content?: string };

async function tar(parts: readonly Part[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of parts) archive.entry(header, content);
  archive.finalize();
  return Buffer.concat(await Readable.from(archive).toArray());
}

async function read(bytes: Uint8Array, over: Partial<Wanted> = {}) {
  const scratch = await mkdtemp(join(tmpdir(), 'topk-fetch-'));
  onTestFinished(async () => rm(scratch, { recursive: true }));
  const wanted = {
    outputs: [{ name: 'p.csv', maxBytes: 100 }],
    maxLogBytes: 1000,
    maxBytes: 2 ** 20,
    scratch,
    ...over,
  };
  const fetched = await collect(Readable.from(chunks(bytes)), wanted);
  return { ...fetched, stored: await readdir(scratch), scratch };
}

/** In odd pieces, as they come from a socket. */
function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
}

it('keeps the file asked for, under a name of its own, with the hash of what it wrote', async () => {
  const { files, others, stored, scratch, whole } = await read(await tar([{ name: 'run/out/p.csv', content: 'id\n' }]));
  expect(files.get('p.csv')).toEqual({
    kind: 'file',
    file: join(scratch, 'output-0'),
    bytes: 3,
    sha256: '984a644ec3b56d32b0404777e1eb73390c4b0742a6a0e183f07861056b6746de',
  });
  expect(await readFile(join(scratch, 'output-0'), 'utf8')).toBe('id\n');
  expect({ others, stored, whole }).toEqual({ others: [], stored: ['output-0'], whole: true });
});

it.each([
  ['symlink', 'a link'],
  ['directory', 'a folder'],
  ['fifo', 'a pipe'],
  ['character-device', 'a device'],
  ['block-device', 'a device'],
  ['link', 'a file with several names'],
] as const)('refuses %s', async (type, what) => {
  const { files, stored } = await read(await tar([{ name: 'run/out/p.csv', type, linkname: '/etc/passwd' }]));
  expect(files.get('p.csv')).toEqual({ kind: 'refused', what });
  expect(stored).toEqual([]);
});

it('refuses a file that another name is a link to', async () => {
  const { files } = await read(
    await tar([
      { name: 'run/out/p.csv', content: 'id\n' },
      { name: 'run/out/z', type: 'link', linkname: 'run/out/p.csv' },
    ]),
  );
  expect(files.get('p.csv')).toEqual({ kind: 'refused', what: 'a file with several names' });
});

it.each([
  'run/out/deep/p.csv',
  'run/p.csv',
  'p.csv',
  'run/log/p.csv',
  'run/out/../out/p.csv',
  '/run/out/p.csv',
  'run/out/p.csv\n',
])('does not take %j for it', async (name) => {
  const { files, stored } = await read(await tar([{ name, content: 'id\n' }]));
  expect(files.size).toBe(0);
  expect(stored).toEqual([]);
});

it('refuses what is over its limit before a byte of it is written', async () => {
  const { files, stored } = await read(await tar([{ name: 'run/out/p.csv', content: 'x'.repeat(101) }]));
  expect(files.get('p.csv')).toEqual({ kind: 'too-large', bytes: 101 });
  expect(stored).toEqual([]);
});

it('names at most 20 others, whatever they are called', async () => {
  const names = ['a\nb', '\u001b[31m', '-rf', 'ü'.repeat(60), ...Array.from({ length: 50 }, (_, index) => `f${index}`)];
  const { others } = await read(await tar(names.map((name) => ({ name: `run/out/${name}` }))));
  expect(others).toEqual(names.slice(0, 20));
});

it('stops at its own limit, whatever is still to come, and says so', async () => {
  const large = await tar([
    { name: 'run/log/head', content: 'log' },
    { name: 'run/out/a', content: 'x'.repeat(50_000) },
    { name: 'run/out/p.csv', content: 'id\n' },
  ]);
  const { log, files, whole } = await read(large, { maxBytes: 10_000 });
  expect(whole).toBe(false);
  expect(log.head.toString()).toBe('log');
  expect(files.size).toBe(0);
});

it('keeps no half of a file where it stops', async () => {
  const large = await tar([{ name: 'run/out/p.csv', content: 'x'.repeat(50_000) }]);
  const { stored, files, whole } = await read(large, {
    maxBytes: 10_000,
    outputs: [{ name: 'p.csv', maxBytes: 60_000 }],
  });
  expect({ stored, whole, size: files.size }).toEqual({ stored: [], whole: false, size: 0 });
});

it('keeps no more of a log file than it may hold', async () => {
  const { log } = await read(
    await tar([
      { name: 'run/log/head', content: 'x'.repeat(5000) },
      { name: 'run/log/tail', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'run/log/usage', content: 'y'.repeat(50_000) },
    ]),
  );
  expect([log.head.length, log.tail.length, log.usage.length, log.total.length]).toEqual([1000, 0, 16_384, 0]);
});

it('fails where the archive ends early or is none', async () => {
  const bytes = await tar([{ name: 'run/out/p.csv', content: 'x'.repeat(100) }]);
  await expect(read(bytes.subarray(0, 550))).rejects.toThrow(/end of data|fewer bytes|destroyed/i);
  await expect(read(Buffer.from('x'.repeat(2000)))).rejects.toThrow(/tar header/i);
});
