import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/**
 * `npm ci` refuses a lock file that lacks the packages of other platforms, and npm leaves them out when the registry
 * it asked has none of them, as mirrors do. This adds them: a version each, which is all that npm needs to go on.
 */
const Entry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const Lock = z.looseObject({ packages: z.record(z.string(), Entry) });

type Missing = { path: string; entry: z.infer<typeof Entry> };

/** What optional packages the lock's packages ask for and the lock lacks, with the entries that mend it. */
export function missingPlatforms(lockText: string): Missing[] {
  const { packages } = Lock.parse(JSON.parse(lockText));
  const missing: Missing[] = [];
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (path === '' || isFound(packages, path, name)) continue;
      const version = range.replace(/^[\^~>=\s]+/, '');
      missing.push({
        path: `${path}/node_modules/${name}`,
        entry: { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) },
      });
    }
  }
  return missing;
}

/** Node's way: in the package's own node_modules, then in each one above. */
function isFound(packages: Record<string, unknown>, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}

const systems = ['darwin', 'win32', 'linux', 'android', 'freebsd', 'openharmony', 'windows', 'wasm32', 'wasi'];
const processors = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'arm', 'wasm32'];

/** For whom it is, from its name, so that npm does not even ask for it elsewhere. */
function platformOf(name: string): { os?: string[]; cpu?: string[] } {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  return { ...(os ? { os: [os === 'windows' ? 'win32' : os] } : {}), ...(cpu ? { cpu: [cpu] } : {}) };
}

if (import.meta.main) {
  const path = join(dirname(import.meta.dirname), 'package-lock.json');
  const text = readFileSync(path, 'utf8');
  const added = missingPlatforms(text);
  // As it is, so that nothing but the addition changes.
  const lock = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const packages = z.record(z.string(), z.unknown()).parse(lock['packages']);
  for (const { path: place, entry } of added) packages[place] = entry;
  lock['packages'] = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`added ${added.length} packages of other platforms`);
}
