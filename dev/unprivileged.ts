import { spawnSync } from 'node:child_process';
import { chownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How to run a program that refuses to run as root, and whose files it must own. */
export type Unprivileged = {
  wrap(command: string, args: string[]): { command: string; args: string[]; uid?: number; gid?: number };
  /** Gives a folder and all in it to the user that the program runs as. */
  own(path: string): void;
};

const nobody = 65_534;

/**
 * Postgres refuses root. An ordinary user runs it as is; root runs it in a user namespace, where it believes to be
 * user 1000 while its files stay root's; where namespaces are forbidden (many containers), as the user `nobody`.
 * @param probe a harmless command of that program, such as `postgres --version`
 * @throws when root may do neither
 */
export function unprivileged(probe: string): Unprivileged {
  const root = process.getuid?.() === 0;
  const candidates: Unprivileged[] = root ? [inNamespace, asNobody] : [asIs];
  for (const candidate of candidates) {
    const { command, args, ...identity } = candidate.wrap(probe, ['--version']);
    if (spawnSync(command, args, { ...identity, stdio: 'ignore' }).status === 0) return candidate;
  }
  if (!root) throw new Error(`${probe} does not run on this machine (try it with --version to see why)`);
  throw new Error(
    'Postgres refuses to run as root, and this machine allows neither a user namespace (unshare -U) nor the user nobody ' +
      'to read the npm packages: start as an ordinary user, or set DATABASE_URL',
  );
}

const asIs: Unprivileged = {
  wrap: (command, args) => ({ command, args }),
  own: () => {},
};

const inNamespace: Unprivileged = {
  wrap: (command, args) => ({
    command: 'unshare',
    args: ['-U', '--map-user=1000', '--map-group=1000', '--', command, ...args],
  }),
  own: (path) => giveTo(path, 0),
};

const asNobody: Unprivileged = {
  wrap: (command, args) => ({ command, args, uid: nobody, gid: nobody }),
  own: (path) => giveTo(path, nobody),
};

function giveTo(path: string, uid: number): void {
  if (statSync(path).uid === uid) return;
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) chownSync(join(path, entry), uid, uid);
  // Last, so that a run cut off half-way does it again.
  chownSync(path, uid, uid);
}
