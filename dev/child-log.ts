import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What of a pino line a person at the terminal wants. Levels: 40 warn, 50 error, 60 fatal. */
const LogLine = z.object({
  level: z.number(),
  msg: z.string().optional(),
  err: z.object({ message: z.string().optional() }).optional(),
});

const maxBytes = 20_000_000;
const colours = { api: 36, worker: 35, topk: 32 } as const;

/** A line on the terminal, headed by who says it. */
export function sayAs(name: keyof typeof colours, line: string): void {
  const colour = process.stderr.isTTY && !process.env['NO_COLOR'];
  const head = name.padEnd(6);
  process.stderr.write(`${colour ? `\u001B[${colours[name]}m${head}\u001B[0m` : head} ${line}\n`);
}

/** Keeps all that a child writes in a file, and shows its warnings and errors on the terminal. */
export function keepLog(name: 'api' | 'worker', path: string, streams: Readable[]): void {
  if (existsSync(path) && statSync(path).size > maxBytes) renameSync(path, `${path}.1`);
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  let open = streams.length;
  for (const stream of streams) {
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    lines.on('line', (line) => {
      file.write(`${line}\n`);
      const shown = worthShowing(line);
      if (shown !== undefined) sayAs(name, shown);
    });
    lines.on('close', () => {
      open -= 1;
      if (open === 0) file.end();
    });
  }
}

function worthShowing(line: string): string | undefined {
  const parsed = parseLine(line);
  if (parsed === undefined) return line.trim() || undefined;
  if (parsed.level < 40) return undefined;
  return [parsed.msg, parsed.err?.message]
    .filter((part, index, parts) => part && parts.indexOf(part) === index)
    .join(': ');
}

/** Undefined when it is no log line: a stack trace on stderr, say. */
function parseLine(line: string): z.infer<typeof LogLine> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return LogLine.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
