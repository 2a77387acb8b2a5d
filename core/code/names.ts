const maxDepth = 20;
const maxNameBytes = 400;
const maxSegmentBytes = 200;

/** What is wrong with the name of an archive's entry, as the end of a sentence; undefined: nothing. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'has no name';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\uFFFD]/u.test(name)) return 'has invisible characters in its name';
  if (name.includes('\\')) return 'has a backslash in its name; zip it with a program that writes "/"';
  if (/^[a-z]:/i.test(name)) return 'names a drive; names must be relative';
  if (name.startsWith('/')) return 'is an absolute name; names must be relative';
  const segments = name.replace(/\/$/, '').split('/');
  if (segments.includes('..')) return 'leads out of the archive';
  if (segments.some((segment) => segment === '' || segment === '.')) return 'has an empty part in its name';
  if (segments.length > maxDepth) return `is more than ${maxDepth} folders deep`;
  if (
    Buffer.byteLength(name) > maxNameBytes ||
    segments.some((segment) => Buffer.byteLength(segment) > maxSegmentBytes)
  )
    return 'has a name that is too long';
  return undefined;
}

/** What systems and programs leave in archives; nobody means to send it. */
export function isLeftover(name: string): boolean {
  return name.split('/').some((segment) => leftovers.has(segment.toLowerCase()) || segment.startsWith('._'));
}

const leftovers = new Set([
  '__macosx',
  '.ds_store',
  'thumbs.db',
  'desktop.ini',
  '__pycache__',
  '.ipynb_checkpoints',
  '.git',
]);

/** Two names with the same key can't lie side by side on every laptop. */
export function collisionKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The folder that all names lie in, with its slash; empty where there is none. It is where a folder was zipped instead of its contents. */
export function commonFolder(names: readonly string[]): string {
  const [first] = names;
  const folder = first?.slice(0, first.indexOf('/') + 1) ?? '';
  return folder !== '' && names.every((name) => name.startsWith(folder)) ? folder : '';
}

/** The worker's own, in the folder that the archive's files go to. */
export function isReserved(path: string): boolean {
  return path === '.go' || path.startsWith('.go/');
}
