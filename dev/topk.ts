import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sayAs } from './child-log.ts';
import { fileName } from '../core/competition-folder/parse.ts';
import { pull } from './competition-folder/pull.ts';
import { push } from './competition-folder/push.ts';
import { readFolder } from './competition-folder/read.ts';
import { openRemote, type Remote } from './competition-folder/remote.ts';
import { shiftTerm } from './competition-folder/shift.ts';

const usage = `npm run topk -- validate <folder>
npm run topk -- push <folder>     with TOPK_URL and TOPK_TOKEN
npm run topk -- pull <slug> <folder> [--overwrite]     with TOPK_URL and TOPK_TOKEN
npm run topk -- clone <folder> <new folder> --course <slug> --slug <slug> --days <n> --time-zone America/New_York`;

/** `npm run topk`: a competition as a folder, checked, pushed, pulled, or cloned to the next term. */
async function topk(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      course: { type: 'string' },
      slug: { type: 'string' },
      days: { type: 'string' },
      'time-zone': { type: 'string' },
      overwrite: { type: 'boolean', default: false },
    },
  });
  const [command, name, target] = positionals;
  if (command === undefined || name === undefined) throw new Error(usage);
  if (command === 'pull') {
    if (target === undefined) throw new Error(usage);
    await pull({ slug: name, folder: target, overwrite: values.overwrite }, remote(), console.log);
    return;
  }
  const folder = await readFolder(name);
  if (command === 'validate') {
    console.log(`${join(name, fileName)}: in order`);
  } else if (command === 'push') {
    await push(folder, remote(), console.log);
  } else if (command === 'clone' && target !== undefined) {
    const { course = folder.file.course, slug, days, 'time-zone': timeZone } = values;
    if (slug === undefined || timeZone === undefined || !/^-?\d{1,4}$/.test(days ?? '')) throw new Error(usage);
    const shifted = shiftTerm(folder.source, { days: Number(days), timeZone, slug, course });
    await cp(name, target, { recursive: true, errorOnExist: true, force: false });
    await writeFile(join(target, fileName), shifted);
    await readFolder(target);
    console.log(`${target}: made`);
  } else {
    throw new Error(usage);
  }
}

function remote(): Remote {
  const { TOPK_URL, TOPK_TOKEN } = process.env;
  if (!TOPK_URL || !TOPK_TOKEN)
    throw new Error('set TOPK_URL, and TOPK_TOKEN to a token of yours (Tokens, on the site)');
  return openRemote(TOPK_URL, TOPK_TOKEN);
}

try {
  await topk(process.argv.slice(2));
} catch (error) {
  sayAs('topk', error instanceof Error ? error.message : String(error));
  process.exit(1);
}
