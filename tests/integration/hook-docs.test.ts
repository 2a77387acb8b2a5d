import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHook, startHookReceiver, type HookReceiver, type ReceivedHook } from '../support/hook-receiver.ts';
import { makeCourse } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startSystem, type System } from '../support/system.ts';

const run = promisify(execFile);

function lacks(program: string): boolean {
  return spawnSync(program, ['--version']).error !== undefined;
}

describe('the examples of docs/webhooks.md, run as they stand there, on a message that came', () => {
  let receiver: HookReceiver;
  let system: System;
  let folder: string;
  let secret: string;
  let message: ReceivedHook;
  beforeAll(async () => {
    receiver = await startHookReceiver();
    folder = await mkdtemp(join(tmpdir(), 'topk-hooks-'));
    system = await startSystem({ environment: { HOOK_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}` } });
    const hook = await makeHook(await makeCourse(system, { students: 0 }), receiver);
    secret = hook.secret;
    message = await until('the test', 120_000, async () => Promise.resolve(receiver.received[0]));
  });
  afterAll(async () => {
    await system.stop();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  const example = async (name: string) => {
    const docs = await readFile(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
    const code = new RegExp(`<!-- tested: ${name} -->\\n\\n?\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1];
    if (code === undefined) throw new Error(`there is no example ${name}`);
    return code;
  };

  /** A message with its secret, as the programs below read it: with the given ones they shall say yes, with the others no. */
  const cases = () => {
    const { headers, body } = message;
    const old = String(Number(headers['webhook-timestamp']) - 3600);
    const other = `whsec_${Buffer.alloc(32).toString('base64')}`;
    return [
      { secret, headers, body, good: true },
      {
        secret,
        headers: { ...headers, 'webhook-signature': `v1,AAAA ${String(headers['webhook-signature'])}` },
        body,
        good: true,
      },
      { secret: other, headers, body, good: false },
      { secret, headers, body: `${body} `, good: false },
      { secret, headers: { ...headers, 'webhook-id': 'msg_other' }, body, good: false },
      { secret, headers: { ...headers, 'webhook-timestamp': old }, body, good: false },
      { secret, headers: { ...headers, 'webhook-signature': 'v1,' }, body, good: false },
      { secret, headers: { ...headers, 'webhook-signature': 'v2,x' }, body, good: false },
    ];
  };

  const answers = async (command: string, file: string, program: string) => {
    await writeFile(join(folder, file), program);
    await writeFile(join(folder, 'cases.json'), JSON.stringify(cases()));
    const { stdout } = await run(command, [file], { cwd: folder });
    const told: unknown = JSON.parse(stdout);
    return told;
  };
  const expected = () => cases().map(({ good }) => good);

  it.skipIf(lacks('python3'))('in Python', async () => {
    const program = `${await example('verify-python')}
import json
def good(case):
    try:
        verify(case["secret"], case["headers"], case["body"].encode())
        return True
    except ValueError:
        return False
print(json.dumps([good(case) for case in json.load(open("cases.json"))]))
`;
    expect(await answers('python3', 'verify.py', program)).toEqual(expected());
  });

  it('in Node', async () => {
    const program = `${await example('verify-node')}
import { readFileSync } from 'node:fs';
const good = ({ secret, headers, body }) => {
  try {
    verify(secret, headers, Buffer.from(body));
    return true;
  } catch {
    return false;
  }
};
console.log(JSON.stringify(JSON.parse(readFileSync('cases.json', 'utf8')).map(good)));
`;
    expect(await answers(process.execPath, 'verify.mjs', program)).toEqual(expected());
  });
});
