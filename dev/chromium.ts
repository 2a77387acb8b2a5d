import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebian, type Unpacked } from './debian.ts';

/**
 * A Chromium for the browser tests: the one that `TOPK_CHROMIUM` names, one on the PATH, else Debian's, unpacked into
 * the cache.
 * @throws a sentence when there is none to be had
 */
export function findChromium(say: (line: string) => void): string {
  const named = process.env['TOPK_CHROMIUM'];
  for (const command of [
    ...(named ? [named] : []),
    '/usr/bin/chromium',
    'chromium',
    'chromium-browser',
    'google-chrome',
  ]) {
    const found = command.includes('/') ? command : onPath(command);
    if (found !== undefined && runs(found)) return found;
  }
  const launcher = writeLauncher(unpackDebian(['chromium', 'fonts-dejavu-core'], say));
  if (!runs(launcher)) throw new Error("Debian's chromium was fetched but does not run");
  return launcher;
}

function onPath(command: string): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function runs(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

/** A script that stands for /usr/bin/chromium, since the unpacked one must be told where its libraries and fonts are. */
function writeLauncher({ root, env }: Unpacked): string {
  const fonts = join(root, 'fonts.conf');
  writeFileSync(
    fonts,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
  <dir>${join(root, 'usr/share/fonts')}</dir><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>\n`,
  );
  const launcher = join(root, 'chromium');
  writeFileSync(
    launcher,
    `#!/bin/sh
export LD_LIBRARY_PATH='${env.LD_LIBRARY_PATH}' FONTCONFIG_FILE='${fonts}'
exec '${join(root, 'usr/lib/chromium/chromium')}' "$@"\n`,
    { mode: 0o755 },
  );
  return launcher;
}
