import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { birthOf, endProcess, politely, type Blow } from './processes.ts';

const Entry = z.object({ name: z.string(), pid: z.number(), birth: z.string() });
type Entry = z.infer<typeof Entry>;

/** Which processes this instance runs, written down so that the next start can end what a killed one left. */
export type Book = {
  add(name: string, pid: number): Promise<void>;
};

const blows: Record<string, Blow[]> = {
  postgres: [
    { signal: 'SIGINT', waitMs: 10_000 },
    { signal: 'SIGKILL', waitMs: 5000 },
  ],
};

/** Ends what a predecessor on this data folder left running, last started first, and opens a new book. */
export async function endLeftovers(dataDir: string, say: (line: string) => void): Promise<Book> {
  const path = join(dataDir, 'processes.json');
  for (const { name, pid, birth } of (await readBook(path)).toReversed()) {
    if ((await birthOf(pid)) !== birth) continue;
    say(`ending the ${name} that an earlier start left running (pid ${pid})`);
    await endProcess(pid, blows[name] ?? politely);
  }
  let entries: Entry[] = [];
  let writing = write(path, entries);
  await writing;
  return {
    async add(name, pid) {
      const birth = await birthOf(pid);
      if (birth === undefined) return;
      entries = [...entries.filter((entry) => entry.name !== name), { name, pid, birth }];
      writing = writing.then(() => write(path, entries));
      await writing;
    },
  };
}

async function readBook(path: string): Promise<Entry[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  try {
    return Entry.array().parse(JSON.parse(text));
  } catch {
    return [];
  }
}

async function write(path: string, entries: Entry[]): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(entries), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
