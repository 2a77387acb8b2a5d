import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sayAs } from './child-log.ts';
import { checkGivenServers } from './given.ts';
import { ownDatabaseUrl } from './postgres.ts';
import { keepSecrets } from './secrets.ts';
import { readSettings, type Settings } from './settings.ts';

/** `npm run admin ada@example.edu "Ada Lovelace"`: makes a site admin in the database of the `npm start` that runs on this TOPK_DATA_DIR. */
async function admin(args: readonly string[]): Promise<void> {
  const settings = readSettings(process.env);
  const databaseUrl = settings.databaseUrl ?? (await runningDatabase(settings));
  await checkGivenServers({ databaseUrl, redisUrl: undefined });
  // It imports the generated database client, which is there once npm start has run.
  const { createAdminFrom } = await import('../prisma/create-admin.ts');
  console.log(await createAdminFrom(args, databaseUrl));
}

async function runningDatabase({ dataDir }: Settings): Promise<string> {
  // Its fourth line is the port: https://www.postgresql.org/docs/current/storage-file-layout.html
  const lines = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const port = Number(lines.split('\n')[3]);
  if (!(port > 0)) throw new Error(`no npm start runs on ${dataDir}: start it first, or give DATABASE_URL`);
  const { postgresPassword } = await keepSecrets(dataDir);
  return ownDatabaseUrl(port, postgresPassword);
}

try {
  await admin(process.argv.slice(2));
} catch (error) {
  sayAs('topk', error instanceof Error ? error.message : String(error));
  process.exit(1);
}
