import { randomBytes } from 'node:crypto';
import { buildAll } from '../../dev/build.ts';
import { seedDigits } from '../../prisma/demo/seed-digits.ts';
import { seedPeople, type DemoAccess } from '../../prisma/seed.ts';
import type { Database } from '../../core/db/open.ts';
import { fakeImage } from '../support/code.ts';
import { createClient, type Client } from '../support/client.ts';
import { startSystem, type System } from '../support/system.ts';
import type { Executor } from '../../worker/executor/executor.ts';

export interface Login {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A whole Topk that holds the demo, as a newcomer's first `npm start` does. */
export interface Demo {
  readonly url: string;
  readonly db: Database;
  readonly logins: DemoAccess['logins'];
  readonly instructor: Client;
  /** Lets what comes wait, until `startWorker`. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  /** A student of the demo course who has done nothing yet. */
  addStudent(): Promise<Login>;
  stop(): Promise<void>;
}

/** @param code in what stands for the sandbox; without it no code is taken */
export async function startDemo(code?: Executor): Promise<Demo> {
  await buildAll((line) => console.log(line));
  const system = await startSystem({ worker: false });
  const startWorker = async () =>
    code === undefined
      ? await system.startWorker()
      : await system.startWorker(
          { SANDBOX: 'docker', WORKER_CPU_SLOTS: '4' },
          { connect: async () => await Promise.resolve(code) },
        );
  let worker = await startWorker();
  try {
    const access = await seedPeople(system.db, undefined);
    await seedDigits(system.url, access);
    const instructor = createClient(system.url, access.tokens.instructor);
    if (code !== undefined) await acceptAll(system, instructor);
    return {
      url: system.url,
      db: system.db,
      logins: access.logins,
      instructor,
      addStudent: () => addStudent(instructor),
      stopWorker: () => worker.close(),
      startWorker: async () => {
        worker = await startWorker();
      },
      stop: system.stop,
    };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function acceptAll({ db }: System, instructor: Client): Promise<void> {
  const settings = { accepts: ['predictions', 'code', 'notebook'], runSettings: { limits: { wallSeconds: 120 } } };
  const answer = await instructor.json('PATCH /competitions/digits', settings);
  if (answer.status !== 200) throw new Error(`the competition takes no code: ${answer.text}`);
  // As `npm run images` does once it has an image of that name.
  await db.pool.query('update phase set image_digest = $1 where run_settings is not null', [fakeImage]);
}

async function addStudent(instructor: Client): Promise<Login> {
  const nonce = randomBytes(4).toString('hex');
  const login = {
    name: `Student ${nonce}`,
    email: `${nonce}@demo.example`,
    password: randomBytes(9).toString('base64url'),
  };
  const answer = await instructor.json('POST /courses/ds542/members', { ...login, role: 'student' });
  if (answer.status !== 200) throw new Error(`the student was not added: ${answer.text}`);
  return login;
}
