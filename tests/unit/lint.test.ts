import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

/** Each breaks one rule of the house, in a file where it matters; and next to some, what must stay allowed. */
const broken: [path: string, text: string, rule: string][] = [
  ['core/any.ts', 'export const value: any = 1;', 'no-explicit-any'],
  ['core/assertion.ts', 'export const value = JSON.parse("1") as number;', 'consistent-type-assertions'],
  ['core/non-null.ts', 'export const first = (list: string[]) => list[0]!;', 'no-non-null-assertion'],
  ['core/floating.ts', 'export function run() { Promise.resolve(1); }', 'no-floating-promises'],
  ['core/console.ts', 'export const say = () => console.log("x");', 'no-console'],
  ['core/environment-use.ts', 'export const home = () => process.env["HOME"];', 'no-process-env'],
  ['core/cycle-a.ts', 'import { b } from "./cycle-b.ts"; export const a = () => b;', 'no-cycle'],
  ['core/default.ts', 'export default 1;', 'no-default-export'],
  ['core/to-api.ts', 'import { x } from "../api/x.ts"; export const y = x;', 'no-restricted-imports'],
  ['core/contract/to-log.ts', 'import { x } from "../log.ts"; export const y = x;', 'no-restricted-imports'],
  ['core/contract/to-node.ts', 'import { join } from "node:path"; export const y = join;', 'no-restricted-imports'],
  ['core/scoring/deep/to-log.ts', 'import { x } from "../../log.ts"; export const y = x;', 'no-restricted-imports'],
  ['api/to-worker.ts', 'import { x } from "../worker/x.ts"; export const y = x;', 'no-restricted-imports'],
  ['api/to-docker.ts', 'import Docker from "dockerode"; export const y = Docker;', 'no-restricted-imports'],
  ['worker/to-api.ts', 'import { x } from "../api/x.ts"; export const y = x;', 'no-restricted-imports'],
  ['worker/executor/other.ts', 'import Docker from "dockerode"; export const y = Docker;', 'no-restricted-imports'],
  ['web/src/to-api.ts', 'import { x } from "../../api/x.ts"; export const y = x;', 'no-restricted-imports'],
  [
    'web/src/board/to-core.ts',
    'import { x } from "../../../core/log.ts"; export const y = x;',
    'no-restricted-imports',
  ],
  ['web/src/board/to-db.ts', 'import { x } from "../../../core/db/x.ts"; export const y = x;', 'no-restricted-imports'],
  ['core/long.ts', 'export const line = 1;\n'.padEnd(9000, '// no end\n'), 'max-lines'],
];
const allowed: [path: string, text: string][] = [
  ['core/const-assertion.ts', 'export const value = ["a"] as const;'],
  ['core/cycle-b.ts', 'import { a } from "./cycle-a.ts"; export const b = () => a;'],
  ['api/config.ts', 'export const home = () => process.env["HOME"];'],
  ['api/to-core.ts', 'import { x } from "../core/log.ts"; export const y = x;'],
  ['worker/executor/docker.ts', 'import Docker from "dockerode"; export const y = Docker;'],
  ['web/src/board/to-contract.ts', 'import { x } from "../../../core/contract/x.ts"; export const y = x;'],
  ['web/src/board/to-code.ts', 'import { x } from "../../../core/code/x.ts"; export const y = x;'],
  ['web/src/board/to-own-api.ts', 'import { x } from "../api/x.ts"; export const y = x;'],
];

const compiler = {
  compilerOptions: { strict: true, noEmit: true, module: 'nodenext', allowImportingTsExtensions: true, types: [] },
};

const Report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

describe('the lint', () => {
  let found: { code: string; filename: string }[] = [];
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'topk-lint-'));
    cpSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(compiler));
    for (const [path, text] of [...broken, ...allowed]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    // Named, since the folder has no node_modules to find the type-aware half in.
    const env = { ...process.env, OXLINT_TSGOLINT_PATH: resolve('node_modules/.bin/tsgolint') };
    const oxlint = resolve('node_modules/.bin/oxlint');
    const { stdout } = spawnSync(oxlint, ['-f', 'json'], { cwd: folder, env, encoding: 'utf8', timeout: 20_000 });
    found = Report.parse(JSON.parse(stdout)).diagnostics;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(broken)('refuses %s', (path, _text, rule) => {
    expect(found.filter(({ filename }) => filename === path).map(({ code }) => code)).toContainEqual(
      expect.stringContaining(`(${rule})`),
    );
  });

  it.each(allowed.filter(([path]) => path !== 'core/cycle-b.ts'))('allows %s', (path) => {
    const rules = ['no-restricted-imports', 'no-process-env', 'consistent-type-assertions'];
    expect(
      found.filter(({ filename, code }) => filename === path && rules.some((rule) => code.includes(rule))),
    ).toEqual([]);
  });
});
