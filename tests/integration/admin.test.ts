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
});
