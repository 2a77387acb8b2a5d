import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DockerApi } from './docker-api.ts';
import { installPackages, onPath } from './docker-install.ts';

const published = 'debian:trixie-slim';
/** Neither a registry nor Debian's packages can be had: nothing of ours is wrong. */
export class NoBase extends Error {}

/** Under a name of ours: what we make must not pass for the published one. */
const own = 'topk-base:trixie';
const mirror = 'http://deb.debian.org/debian';

/**
 * An image of Debian trixie to build on: the published one where it is there or can be pulled, else one made from
 * Debian's packages.
 * @returns its name
 * @throws a sentence when there is none to be had
 */
export async function ensureBase(docker: DockerApi, say: (line: string) => void): Promise<string> {
  for (const name of [published, own]) if (await hasImage(docker, name)) return name;
  const refusal = await tryPull(docker, published, 60_000);
  if (refusal === undefined) return published;
  try {
    await makeBase(docker, say);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NoBase(`no base image: ${published} can't be pulled (${refusal}), and none can be made (${why})`, {
      cause: error,
    });
  }
  return own;
}

export async function hasImage(docker: DockerApi, name: string): Promise<boolean> {
  return (await docker.find(`/images/${encodeURIComponent(name)}/json`)) !== undefined;
}

/** @returns why it can't be pulled; undefined once it is there */
export async function tryPull(docker: DockerApi, name: string, timeoutMs = 120_000): Promise<string | undefined> {
  const separator = name.lastIndexOf(':');
  const query = new URLSearchParams({ fromImage: name.slice(0, separator), tag: name.slice(separator + 1) });
  try {
    await docker.send(`/images/create?${query.toString()}`, undefined, () => {}, timeoutMs);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function makeBase(docker: DockerApi, say: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('only root can run debootstrap');
  if (!onPath('debootstrap')) installPackages(['debootstrap']);
  say('making a base image from Debian trixie with debootstrap (about 20 s)');
  const work = await mkdtemp(join(tmpdir(), 'topk-base-'));
  try {
    const root = join(work, 'root');
    await debootstrap(root);
    await thin(root);
    const tar = spawn('tar', ['--create', '--directory', root, '--sort=name', '--numeric-owner', '.'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [repo = '', tag = ''] = own.split(':');
    const query = new URLSearchParams({ fromSrc: '-', repo, tag, changes: 'CMD ["bash"]' });
    await docker.send(`/images/create?${query.toString()}`, tar.stdout, () => {}, 300_000);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function debootstrap(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const args = ['--variant=minbase', 'trixie', root, mirror];
  const child = spawn('debootstrap', args, { stdio: ['ignore', 'ignore', 'ignore'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  if (code === 0) return;
  const log = await readFile(join(root, 'debootstrap/debootstrap.log'), 'utf8').catch(() => '');
  throw new Error(`debootstrap ended with ${code}: ${log.trim().split('\n').at(-1) ?? ''}`);
}

/** Leaves out what the published image leaves out, and takes updates from where that one takes them. */
async function thin(root: string): Promise<void> {
  const script = `
    rm -rf var/cache/apt/* var/lib/apt/lists/* var/log/* usr/share/doc/* usr/share/man/* usr/share/info/* usr/share/locale/*
    mkdir -p var/log
    printf 'path-exclude /usr/share/doc/*\\npath-exclude /usr/share/man/*\\npath-exclude /usr/share/locale/*\\n' > etc/dpkg/dpkg.cfg.d/topk
    printf '#!/bin/sh\\nexit 101\\n' > usr/sbin/policy-rc.d && chmod 0755 usr/sbin/policy-rc.d
    printf 'deb ${mirror} trixie main\\ndeb ${mirror} trixie-updates main\\ndeb ${mirror}-security trixie-security main\\n' > etc/apt/sources.list`;
  const { status, stderr } = spawnSync('sh', ['-ec', script], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the base image could not be thinned: ${stderr.trim()}`);
}
