import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdmin } from '../../prisma/create-admin.ts';
import { createClient } from '../support/client.ts';
import { startSystem, type System } from '../support/system.ts';

describe('the first admin of a server', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(async () => await system.stop());

  it('can sign in with the password that was printed; a second call replaces it', async () => {
    const signIn = async (password: string) =>
      await createClient(system.url, undefined).json('POST /session', { email: 'root@example.edu', password });
    const first = await createAdmin(system.db, 'root@example.edu', 'Root');
    expect((await signIn(first)).body).toMatchObject({ isAdmin: true });
    const second = await createAdmin(system.db, 'root@example.edu', 'Root');
    expect((await signIn(first)).status).toBe(401);
    expect((await signIn(second)).status).toBe(200);
  });

  const admin = async (args: string[], environment: Record<string, string>) =>
    await promisify(execFile)(process.execPath, ['dev/admin.ts', ...args], {
      env: { PATH: process.env['PATH'], ...environment },
    });

  it('is made by npm run admin, in the database that is given', async () => {
    const { stdout } = await admin(['grace@example.edu', 'Grace Hopper'], {
      DATABASE_URL: system.environment['DATABASE_URL'] ?? '',
    });
    const password = /once: (\S+)/.exec(stdout)?.[1];
    const signedIn = await createClient(system.url, undefined).json('POST /session', {
      email: 'grace@example.edu',
      password,
    });
    expect(signedIn.body).toMatchObject({ name: 'Grace Hopper', isAdmin: true });
  });

  it('is refused in one sentence where nothing runs, or nobody is named', async () => {
    await expect(admin(['grace@example.edu'], { TOPK_DATA_DIR: system.dataDir })).rejects.toThrow(
      /no npm start runs on .*: start it first/,
    );
    await expect(admin([], { DATABASE_URL: system.environment['DATABASE_URL'] ?? '' })).rejects.toThrow(
      /give an e-mail address and a name/,
    );
  });
});
