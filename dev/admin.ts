import { sayAs } from './child-log.ts';
import { checkGivenServers } from './given.ts';
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';

/** `npm run admin ada@example.edu "Ada Lovelace"`: makes a site admin in the database of the `npm start` that runs on this TOPK_DATA_DIR. */
async function admin(args: readonly string[]): Promise<void> {
  const settings = readSettings(process.env);
  const databaseUrl = settings.databaseUrl ?? (await findRunning(settings)).databaseUrl;
  if (databaseUrl === undefined)
    throw new Error(`no npm start runs on ${settings.dataDir}: start it first, or give DATABASE_URL`);
  await checkGivenServers({ databaseUrl, redisUrl: undefined });
  // It imports the generated database client, which is there once npm start has run.
  const { createAdminFrom } = await import('../prisma/create-admin.ts');
  console.log(await createAdminFrom(args, databaseUrl));
}

try {
  await admin(process.argv.slice(2));
} catch (error) {
  sayAs('topk', error instanceof Error ? error.message : String(error));
  process.exit(1);
}
