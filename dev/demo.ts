import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { DemoAccess } from '../prisma/seed.ts';

/** How to get in, as the last start wrote it, if that can still be read. */
export async function readAccess(dataDir: string): Promise<DemoAccess | undefined> {
  return DemoAccess.safeParse(await readDemoFile(dataDir)).data;
}

/** For scripts and tests: the address and working credentials. Readable by its owner only. */
export async function writeDemo(dataDir: string, baseUrl: string, access: DemoAccess): Promise<void> {
  const path = join(dataDir, 'demo.json');
  await writeFile(`${path}.new`, `${JSON.stringify({ baseUrl, ...access }, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** What a newcomer sees once all is up. The file's path is absolute: another terminal opens in another folder. */
export function welcome(baseUrl: string, { logins, tokens }: DemoAccess, exampleFile: string): string {
  const login = (name: string, { email, password }: z.infer<typeof Login>) =>
    `    ${name.padEnd(12)}${email.padEnd(26)}${password}`;
  return `
  Topk is at ${baseUrl}

${login('instructor', logins.instructor)}
${login('TA', logins.ta)}
${login('student', logins.student)}

  Submit a file from another terminal:

    curl -H 'Authorization: Bearer ${tokens.students[0]}' \\
      -F 'file=@${exampleFile}' \\
      ${baseUrl}/api/v1/competitions/digits/submissions

  Ctrl-C stops it.
`;
}

const Login = DemoAccess.shape.logins.shape.student;

async function readDemoFile(dataDir: string): Promise<unknown> {
  const text = await readFile(join(dataDir, 'demo.json'), 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
