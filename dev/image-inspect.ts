import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { z } from 'zod';
import type { DockerApi } from './docker-api.ts';

export type Inspection = {
  digest: string;
  bytes: number;
  /** Why it may not run code, a sentence each; empty where it may. */
  problems: string[];
};

const Image = z.object({
  Id: z.string(),
  Size: z.number(),
  Config: z.object({
    User: z.string().default(''),
    Volumes: z.record(z.string(), z.unknown()).nullish(),
    OnBuild: z.array(z.string()).nullish(),
    Healthcheck: z.object({ Test: z.array(z.string()).nullish() }).nullish(),
  }),
});
type Config = z.infer<typeof Image>['Config'];

/** What of an image's files bears on whether it may run code. */
export type FileFacts = {
  /** Paths of programs that gain rights when they are started: by set-uid, set-gid, or a capability of the file. */
  privileged: string[];
  hasRunner: boolean;
  /** The text of /etc/passwd. */
  passwd: string;
};

/**
 * Looks at an image before code may run in it: at what it declares, and at each file that it holds.
 * @throws where there is no such image
 */
export async function inspectImage(docker: DockerApi, name: string): Promise<Inspection> {
  const found = await docker.find(`/images/${encodeURIComponent(name)}/json`);
  if (found === undefined) throw new Error(`there is no image ${name}: build or pull it first`);
  const { Id: digest, Size: bytes, Config: config } = Image.parse(found);
  const files = await readFiles(docker, digest);
  return { digest, bytes, problems: [...problemsOfConfig(config, files.passwd), ...problemsOfFiles(files)] };
}

export function problemsOfConfig(config: Config, passwd: string): string[] {
  const volumes = Object.keys(config.Volumes ?? {});
  const health = config.Healthcheck?.Test ?? [];
  return [
    ...(volumes.length > 0
      ? [
          `it declares VOLUME ${volumes.join(', ')}, which would be written to the host’s disk without a bound: remove it`,
        ]
      : []),
    ...((config.OnBuild ?? []).length > 0 ? [`it declares ONBUILD, which runs in images built on it: remove it`] : []),
    ...(health.length > 0 && health[0] !== 'NONE'
      ? ['it declares a HEALTHCHECK, which would run beside the program at its cost: remove it']
      : []),
    ...(isRoot(config.User, passwd) ? ['its user is root: add USER with a user that is not'] : []),
  ];
}

export function problemsOfFiles({ privileged, hasRunner }: FileFacts): string[] {
  const shown = privileged.slice(0, 5).join(', ');
  const more = privileged.length > 5 ? ` and ${privileged.length - 5} more` : '';
  return [
    ...(privileged.length > 0
      ? [
          `it has programs that gain rights when started (set-uid, set-gid or a file’s capability): ${shown}${more}: take the right away with chmod a-s or setcap -r`,
        ]
      : []),
    ...(hasRunner ? [] : ['it has no /usr/local/bin/topk-run, which starts programs: build it FROM topk-python']),
  ];
}

function isRoot(user: string, passwd: string): boolean {
  const [name = ''] = user.split(':');
  if (name === '' || /^0+$/.test(name)) return true;
  if (/^\d+$/.test(name)) return false;
  const entry = passwd.split('\n').find((line) => line.startsWith(`${name}:`));
  return entry === undefined ? name === 'root' : entry.split(':')[2] === '0';
}

/** Through a container that is never started, so that nothing of the image has a say in what is seen. */
async function readFiles(docker: DockerApi, digest: string): Promise<FileFacts> {
  const created = await docker.call('POST', '/containers/create', {
    Image: digest,
    Cmd: ['true'],
    NetworkDisabled: true,
    Labels: { 'topk.kind': 'inspection' },
  });
  const { Id: id } = z.object({ Id: z.string() }).parse(created);
  try {
    return await readTar(await docker.stream(`/containers/${id}/export`));
  } finally {
    await docker.call('DELETE', `/containers/${id}?force=true&v=true`);
  }
}

const maxPasswdBytes = 1 << 20;

async function readTar(tar: Readable): Promise<FileFacts> {
  const facts: FileFacts = { privileged: [], hasRunner: false, passwd: '' };
  const entries = extract();
  tar.on('error', (error: Error) => entries.destroy(error));
  tar.pipe(entries);
  for await (const entry of entries) {
    const { name, mode, type, size, pax } = entry.header;
    const path = `/${name.replace(/^(\.?\/)+/, '')}`;
    if (type === 'file' && ((mode & 0o6000) !== 0 || Object.hasOwn(pax ?? {}, 'SCHILY.xattr.security.capability'))) {
      facts.privileged.push(path);
    }
    if (path === '/usr/local/bin/topk-run') facts.hasRunner = true;
    if (path === '/etc/passwd' && size <= maxPasswdBytes) {
      for await (const chunk of entry) facts.passwd += String(chunk);
    } else {
      entry.resume();
    }
  }
  return facts;
}
