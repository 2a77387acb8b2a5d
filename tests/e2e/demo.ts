import { randomBytes } from 'node:crypto';
import { buildAll } from '../../dev/build.ts';
import { seedDigits } from '../../prisma/demo/seed-digits.ts';
import { seedPeople, type DemoAccess } from '../../prisma/seed.ts';
import { createClient, type Client } from '../support/client.ts';
import { startSystem } from '../support/system.ts';

export interface Login {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A whole Topk that holds the demo, as a newcomer's first `npm start` does. */
export interface Demo {
  readonly url: string;
  readonly logins: DemoAccess['logins'];
  readonly instructor: Client;
  /** Lets what comes wait, until `startWorker`. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  /** A student of the demo course who has done nothing yet. */
  addStudent(): Promise<Login>;
  stop(): Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  await buildAll((line) => console.log(line));
  const system = await startSystem({ worker: false });
  let worker = await system.startWorker();
  try {
    const access = await seedPeople(system.db, undefined);
    await seedDigits(system.url, access);
    const instructor = createClient(system.url, access.tokens.instructor);
    return {
      url: system.url,
      logins: access.logins,
      instructor,
      addStudent: () => addStudent(instructor),
      stopWorker: () => worker.close(),
      startWorker: async () => {
        worker = await system.startWorker();
      },
      stop: system.stop,
    };
  } catch (error) {
    await system.stop();
    throw error;
  }
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
