import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sayAs } from './child-log.ts';
import { push } from './competition-folder/push.ts';
import { fileName, readFolder } from './competition-folder/read.ts';
import { openRemote } from './competition-folder/remote.ts';
import { shiftTerm } from './competition-folder/shift.ts';

const usage = `npm run topk -- validate <folder>
npm run topk -- push <folder>     with TOPK_URL and TOPK_TOKEN
npm run topk -- clone <folder> <new folder> --course <slug> --slug <slug> --days <n> --time-zone America/New_York`;

/** `npm run topk`: a competition as a folder, checked, pushed, or cloned to the next term. */
async function topk(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      course: { type: 'string' },
      slug: { type: 'string' },
      days: { type: 'string' },
      'time-zone': { type: 'string' },
    },
  });
  const [command, folder, target] = positionals;
  if (command === undefined || folder === undefined) throw new Error(usage);
  const file = await readFolder(folder);
  if (command === 'validate') {
    console.log(`${join(folder, fileName)}: in order`);
  } else if (command === 'push') {
    const { TOPK_URL, TOPK_TOKEN } = process.env;
    if (!TOPK_URL || !TOPK_TOKEN)
      throw new Error('set TOPK_URL, and TOPK_TOKEN to a token of yours (Tokens, on the site)');
    await push(folder, file, openRemote(TOPK_URL, TOPK_TOKEN), console.log);
  } else if (command === 'clone' && target !== undefined) {
    const { course = file.course, slug, days, 'time-zone': timeZone } = values;
    if (slug === undefined || timeZone === undefined || !/^-?\d{1,4}$/.test(days ?? '')) throw new Error(usage);
    const text = await readFile(join(folder, fileName), 'utf8');
    const shifted = shiftTerm(text, { days: Number(days), timeZone, slug, course });
    await cp(folder, target, { recursive: true, errorOnExist: true, force: false });
    await writeFile(join(target, fileName), shifted);
    await readFolder(target);
    console.log(`${target}: made`);
  } else {
    throw new Error(usage);
  }
}

try {
  await topk(process.argv.slice(2));
} catch (error) {
  sayAs('topk', error instanceof Error ? error.message : String(error));
  process.exit(1);
}
