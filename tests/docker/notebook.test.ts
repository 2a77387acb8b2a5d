import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { describeImage } from '../support/docker.ts';
import { openPrograms, type Programs } from '../support/programs.ts';

const Executed = z.object({
  metadata: z.object({ topk: z.record(z.string(), z.unknown()) }),
  cells: z.array(
    z.object({ source: z.unknown(), outputs: z.array(z.looseObject({ output_type: z.string() })).optional() }),
  ),
});

const demo = join(import.meta.dirname, '../../prisma/demo');
const digits = join(import.meta.dirname, '../../examples/digits');

describeImage('python')('a notebook in the sandbox', () => {
  let programs: Programs;
  beforeAll(async () => {
    programs = await openPrograms();
  });
  afterAll(async () => await programs.close());

  async function execute(
    content: string,
    { cellSeconds, wallSeconds = 300 }: { cellSeconds?: number; wallSeconds?: number } = {},
  ) {
    const ran = await programs.run({
      files: { 'main.ipynb': content, 'helper.py': 'ANSWER = 42\n' },
      command: ['main.ipynb'],
      env: cellSeconds === undefined ? {} : { TOPK_CELL_SECONDS: String(cellSeconds) },
      limits: { wallSeconds },
    });
    const file = ran.files.get('executed.ipynb');
    return { ...ran, executed: file === undefined ? undefined : Executed.parse(JSON.parse(file)) };
  }

  it('is executed from top to bottom, shown as it goes, and kept', async () => {
    const { code, log, executed } = await execute(
      notebook(['import helper, sys\nprint(helper.ANSWER)', 'print("a warning", file=sys.stderr)\n6 * 7', '']),
    );
    expect(log).toBe('[cell 1/2]\n42\n[cell 2/2]\na warning\n42\nall 2 cells done\n');
    expect(code).toBe(0);
    expect(executed?.metadata.topk).toEqual({ done: true });
    expect(executed?.cells[1]?.outputs).toMatchObject([
      { output_type: 'stream', name: 'stderr' },
      { data: { 'text/plain': ['42'] } },
    ]);
  });

  it('names the cell that failed, and runs none after it', async () => {
    const { code, last, log, executed } = await execute(notebook(['x = 1', 'print("before")\ny', 'print("after")']));
    expect(code).toBe(1);
    expect(last).toBe("cell 2 failed: NameError: name 'y' is not defined");
    expect(log).not.toContain('after');
    expect(executed?.metadata.topk).toEqual({ failed: 1, sentence: last });
    expect(executed?.cells[1]?.outputs?.at(-1)).toMatchObject({ output_type: 'error', ename: 'NameError' });
  });

  it.each([
    { how: 'ends itself with 0', source: 'import os; os._exit(0)', code: 3, says: 'ended itself with exit code 0' },
    { how: 'crashes', source: 'import ctypes; ctypes.string_at(0)', code: 139, says: 'killed by SIGSEGV' },
    { how: 'is killed', source: 'import os; os.kill(os.getpid(), 9)', code: 137, says: 'killed by SIGKILL' },
  ])('does not pass where its kernel $how', async ({ source, code, says }) => {
    const ran = await execute(notebook(['print("predictions are written")', source]));
    expect(ran.code).toBe(code);
    expect(ran.last).toContain(`cell 2 failed: the kernel`);
    expect(ran.last).toContain(says);
    expect(ran.executed?.cells[1]?.outputs?.at(-1)).toMatchObject({ output_type: 'error' });
  });

  it('has a limit per cell', async () => {
    const { code, last } = await execute(notebook(['import time', 'time.sleep(1000)']), { cellSeconds: 5 });
    expect({ code, last }).toEqual({ code: 4, last: 'cell 2 failed: over the limit of 5 s per cell' });
  });

  it('is kept as far as it came where the whole time is over', async () => {
    const source = 'import time\nfor i in range(5000):\n    print("step", i)\n    time.sleep(0.1)';
    const content = notebook(['print("done")', source]);
    let { outcome, executed } = await execute(content, { wallSeconds: 15 });
    // A slow machine takes longer to come that far.
    if (!JSON.stringify(executed ?? '').includes('step 5'))
      ({ outcome, executed } = await execute(content, { wallSeconds: 200 }));
    expect(outcome.ending.kind).toBe('timed-out');
    expect(executed?.metadata.topk).toEqual({ running: 1 });
    expect(JSON.stringify(executed?.cells[0]?.outputs)).toContain('done');
    expect(JSON.stringify(executed?.cells[1]?.outputs)).toContain('step 5');
  });

  it('drops the outputs that it came with', async () => {
    const cell = {
      ...codeCell('1 / 0', 0),
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'accuracy 1.0' }],
    };
    const { executed, code } = await execute(JSON.stringify({ ...shape, cells: [cell, codeCell('2', 1)] }));
    expect(code).toBe(1);
    expect(JSON.stringify(executed)).not.toContain('accuracy');
  });

  it.each([
    { what: 'damaged JSON', content: '{"nbformat": 4, "cells": [', says: 'its JSON breaks off or is damaged' },
    {
      what: 'bytes that are no text',
      content: Buffer.from([0xff, 0xfe, 0]).toString('latin1'),
      says: 'it is not a notebook',
    },
    { what: 'deep nesting', content: '['.repeat(100_000), says: 'nested too deep' },
    { what: 'other JSON', content: '{"a": 1}', says: 'it has no nbformat' },
    { what: 'format 2', content: '{"nbformat": 2, "worksheets": []}', says: 'it has the notebook format 2' },
    {
      what: 'no code',
      content: JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] }),
      says: 'it has no code cell',
    },
    {
      what: 'another language',
      content: notebookOf({ kernelspec: { name: 'ir', language: 'R', display_name: 'R' } }, ['1']),
      says: 'it is for the kernel “R”; only Python 3 runs here',
    },
  ])('is refused with a sentence for $what', async ({ content, says }) => {
    const { code, last } = await execute(content);
    expect(code).toBe(2);
    expect(last).toMatch(/^main\.ipynb: /);
    expect(last).toContain(says);
  });

  it('made for Colab runs, with notices of what is left out', async () => {
    const metadata = {
      colab: { provenance: [] },
      accelerator: 'GPU',
      kernelspec: { name: 'python3', display_name: 'Python 3' },
    };
    const { code, log } = await execute(
      notebookOf(metadata, [
        '!pip install -q numpy torch==1.0',
        '!pip install -q pandas > /dev/null 2>&1 | tail -1  # arrays\n!pip -q install -U pip &> log.txt',
        'from google.colab import drive, files\ndrive.mount("/content/drive")',
        '%cd /content/drive/MyDrive',
        '%pip install pandas\n!echo from the shell',
        'open("predictions.csv", "w").write("id\\n")\nfiles.download("predictions.csv")',
      ]),
    );
    expect(code).toBe(0);
    expect(log).toMatch(/topk: pip install numpy is left out: the image has numpy 2\./);
    expect(log).toMatch(/topk: pip install torch==1\.0 is left out: the image has torch 2\./);
    expect(log).toContain('topk: pip install pandas is left out: the image has pandas 2.');
    expect(log).toContain('topk: pip install pip is left out: nothing is installed in the sandbox');
    expect(log).toContain('topk: there is no Google Drive in the sandbox');
    expect(log).toContain('topk: %cd /content/drive/MyDrive is left out');
    expect(log).toContain('from the shell');
  });

  it.each([
    {
      line: '!pip install -q no-such-package',
      says: 'NotInSandbox: pip install no-such-package: it is not in the image',
    },
    { line: '%pip install no-such-package', says: 'NotInSandbox: pip install no-such-package: it is not in the image' },
    { line: '!wget -q http://a.b/c.csv', says: 'NotInSandbox: wget -q http://a.b/c.csv: there is no network' },
    {
      line: '!apt-get -qq install -y x && echo ok',
      says: 'NotInSandbox: apt-get -qq install -y x: nothing can be installed',
    },
    { line: 'from google.colab import files\nfiles.upload()', says: 'NotInSandbox: files.upload() asks a person' },
  ])('ends at `$line` with a sentence that names the cell', async ({ line, says }) => {
    const { code, last } = await execute(notebook(['1', line]));
    expect(code).toBe(1);
    expect(last).toContain(`cell 2 failed: ${says}`);
  });

  it('and the script of the demo give the same predictions each time, at least 95 % of them right', async () => {
    const read = async (path: string) => ({ path, source: { content: await readFile(join(digits, path)) } });
    const data = { hash: 'digits-demo', files: [await read('train.csv'), await read('test.csv')] };
    const predictions = new Set<string | undefined>();
    for (const entry of ['starter.py', 'starter.ipynb', 'starter.py']) {
      const content = await readFile(join(demo, 'digits-train', entry));
      const ran = await programs.run({ files: { [entry]: content }, command: [entry], data });
      expect(ran.code).toBe(0);
      predictions.add(ran.files.get('predictions.csv'));
    }
    const [only = '', ...others] = predictions;
    expect(others).toEqual([]);
    const truth = new Map(rows(await readFile(join(digits, 'solution.csv'), 'utf8')));
    const hits = rows(only).filter(([id, best]) => truth.get(id) === best).length;
    expect(hits / truth.size).toBeGreaterThanOrEqual(0.95);
  });
});

/** id and second column of each row. */
function rows(csv: string): [string, string][] {
  const lines = csv.trim().split('\n').slice(1);
  return lines.map((line) => line.split(',')).map(([id = '', second = '']) => [id, second]);
}

const shape = { nbformat: 4, nbformat_minor: 5, metadata: {} };

function notebook(sources: readonly string[]): string {
  return notebookOf({}, sources);
}

function notebookOf(metadata: Record<string, unknown>, sources: readonly string[]): string {
  return JSON.stringify({ ...shape, metadata, cells: sources.map(codeCell) });
}

function codeCell(source: string, index: number) {
  return { cell_type: 'code', id: `cell-${index}`, metadata: {}, source, outputs: [], execution_count: null };
}
