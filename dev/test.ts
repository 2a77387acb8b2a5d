import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { buildAll } from './build.ts';
import { check } from './check.ts';
import { findChromium } from './chromium.ts';

const root = dirname(import.meta.dirname);

/** `npm test [vitest's arguments]`: every check, then every test. With arguments, those tests alone. */
async function test(args: string[]): Promise<boolean> {
  const checked = args.length > 0 || (await check());
  await buildAll(console.log);
  const env = { ...process.env, TOPK_CHROMIUM: chromiumOrNothing() };
  const tested = await runVitest(['run', ...args], env);
  if (!checked) console.log('npm run check found something: see the top');
  return checked && tested;
}

/** The browser tests skip themselves, aloud, where no browser can be had. */
function chromiumOrNothing(): string {
  try {
    return findChromium(console.log);
  } catch (error) {
    console.log(`the browser tests are left out: ${error instanceof Error ? error.message : String(error)}`);
    return '';
  }
}

/** Stays until vitest is gone, so that its clean-up is not cut off; a Ctrl-C reaches vitest by itself. */
function runVitest(args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin/vitest'), args, { cwd: root, env, stdio: 'inherit' });
    process.on('SIGINT', () => {});
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0));
  });
}

try {
  process.exit((await test(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  console.error(`topk: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
