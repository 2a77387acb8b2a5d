import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startPostgres } from './postgres.ts';
import { schemaDifference } from './schema-engine.ts';

const root = dirname(import.meta.dirname);

/** `npm run migration <name>`: writes the migration from the committed prisma/schema.prisma to the edited one, to be read before it is committed. */
async function writeMigration(name: string | undefined): Promise<void> {
  if (!name || !/^[a-z0-9_]+$/.test(name)) throw new Error('say what it does: npm run migration add_late_days');
  const schema = 'prisma/schema.prisma';
  const before = execFileSync('git', ['show', `HEAD:${schema}`], { cwd: root, encoding: 'utf8' });
  const script = await compare(before, readFileSync(join(root, schema), 'utf8'));
  if (script === '')
    throw new Error(`${schema} describes what its committed version describes: there is nothing to migrate`);
  const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folder = join(root, 'prisma/migrations', `${time}_${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'migration.sql'), script);
  console.log(`wrote ${join(folder, 'migration.sql')}: read it, then run npm test`);
}

async function compare(before: string, after: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'topk-migration-'));
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), forTests: true });
  try {
    return await schemaDifference(before, after, postgres.url);
  } finally {
    await postgres.kill();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

try {
  await writeMigration(process.argv[2]);
} catch (error) {
  console.error(`topk: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
