import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { keepLog } from './child-log.ts';
import { endChild, exitOf, politely, type Server } from './processes.ts';

export type ChildOptions = {
  name: 'api' | 'worker';
  /** A TypeScript file, run by the Node that runs this. */
  script: string;
  env: Record<string, string>;
  logDir: string;
};

/** Runs one of our own processes; resolves once it is spawned, not once it is ready. */
export function startChild({ name, script, env, logDir }: ChildOptions): Omit<Server, 'url' | 'port'> {
  // Its own process group: a Ctrl-C in the terminal reaches us alone, and we stop it in our order.
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keepLog(name, join(logDir, `${name}.log`), [child.stdout, child.stderr]);
  const exited = exitOf(child);
  return {
    pid: child.pid ?? 0,
    exited,
    stop: () => endChild(child, exited, politely),
    kill: () => endChild(child, exited, [{ signal: 'SIGKILL', waitMs: 5000 }]),
  };
}
