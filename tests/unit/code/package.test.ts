import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPackage, unpackPackage } from '../../../core/code/package.ts';
import { makeZip, type ZipEntry } from '../../support/zip.ts';

const script = 'print("hello")\n';
const notebook = JSON.stringify({
  cells: [{ cell_type: 'code', source: ['print(1)'], metadata: {}, outputs: [], execution_count: null }],
  metadata: {
    kernelspec: { language: 'python', name: 'python3', display_name: 'Python 3' },
    colab: { provenance: [] },
  },
  nbformat: 4,
  nbformat_minor: 5,
});
const main: ZipEntry = { name: 'main.py', content: script };

describe('code that students send', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'topk-code-'));
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  const sent = async (name: string, content: string | Uint8Array) => {
    const file = join(folder, 'sent');
    await writeFile(file, content);
    return { file, name, bytes: Buffer.byteLength(content) };
  };
  const check = async (name: string, content: string | Uint8Array) => await checkPackage(await sent(name, content));
  const checkZip = async (...entries: ZipEntry[]) => await check('work.zip', makeZip(entries));
  const codes = (outcome: Awaited<ReturnType<typeof checkPackage>>) =>
    outcome.kind === 'refused' ? outcome.errors.map(({ code, path }) => [code, path]) : outcome;

  describe('as a single file', () => {
    it('is started as main.py or main.ipynb, whatever it is called', async () => {
      const { bytes, file } = await sent('torch.py', script);
      expect(await unpackPackage({ file, bytes, name: 'torch.py' }, folder)).toEqual({
        kind: 'ok',
        submissionKind: 'code',
        entry: 'main.py',
        files: [{ path: 'main.py', source: { file, bytes } }],
      });
      expect(await check('Homework 3.ipynb', notebook)).toEqual({
        kind: 'ok',
        submissionKind: 'notebook',
        entry: 'main.ipynb',
      });
    });

    it('is told by its beginning where its name says nothing', async () => {
      expect(await check('file', notebook)).toMatchObject({ submissionKind: 'notebook' });
      expect(await check('file', `#!/usr/bin/env python3\n${script}`)).toMatchObject({ submissionKind: 'code' });
      expect(await check('file', makeZip([main]))).toMatchObject({ submissionKind: 'code' });
      expect(codes(await check('predictions.csv', 'id,label\n'))).toEqual([['not-code', undefined]]);
      expect(codes(await check('weights.npz', makeZip([main])))).toEqual([['not-code', undefined]]);
    });

    it.each([
      ['nothing', 'a.py', '', 'empty-file'],
      ['white space', 'a.py', ' \n\t\n', 'empty-file'],
      ['a NUL byte', 'a.py', 'print(1)\n\0', 'nul-byte'],
      ['UTF-16', 'a.py', Buffer.from('\uFEFFprint(1)', 'utf16le'), 'not-utf8'],
      ['Latin-1', 'a.py', Buffer.from('x = 1\ny = "é"\n', 'latin1'), 'not-utf8'],
      ['more than a script', 'a.py', Buffer.alloc(5_000_000, '#'), 'too-large'],
      ['a web page', 'a.py', '<!DOCTYPE html><html></html>', 'not-python'],
      ['a zip under the name of a script', 'a.py', makeZip([main]), 'not-python'],
      ['damaged JSON', 'a.ipynb', notebook.slice(0, -3), 'bad-notebook'],
      ['other JSON', 'a.ipynb', '{"a": 1}', 'bad-notebook'],
      ['an older format', 'a.ipynb', notebook.replace('"nbformat":4', '"nbformat":3'), 'bad-notebook'],
      ['another language', 'a.ipynb', notebook.replace('"python"', '"R"'), 'bad-notebook'],
      ['no code', 'a.ipynb', notebook.replace('"code"', '"markdown"'), 'bad-notebook'],
      ['an empty cell', 'a.ipynb', notebook.replace('print(1)', ' '), 'bad-notebook'],
      ['depth without end', 'a.ipynb', '['.repeat(1_000_000), 'bad-notebook'],
      ['parts without end', 'a.ipynb', `[${'{},'.repeat(3_000_000)}{}]`, 'bad-notebook'],
      ['more than a notebook', 'a.ipynb', Buffer.alloc(17_000_000, ' '), 'too-large'],
    ])('is refused with %s', async (_what, name, content, code) => {
      expect(codes(await check(name, content))).toEqual([[code, undefined]]);
    });

    it('is told the line that is not UTF-8', async () => {
      const outcome = await check('a.py', Buffer.from('x = "ä"\n', 'utf8').toString('utf8') + '\n');
      expect(outcome.kind).toBe('ok');
      const latin = Buffer.concat([Buffer.from('x = "ä"\n'), Buffer.from('y = "ä"\n', 'latin1')]);
      expect(await check('a.py', latin)).toMatchObject({ errors: [{ message: expect.stringContaining('Line 2') }] });
    });

    it('takes brackets in strings for text', async () => {
      const text = JSON.stringify('[{"\\'.repeat(100_000)).slice(1, -1);
      expect(await check('a.ipynb', notebook.replace('print(1)', text))).toMatchObject({ kind: 'ok' });
    });
  });

  describe('as a zip', () => {
    it('is unpacked with its paths, under names that are not its own', async () => {
      const into = await mkdtemp(join(folder, 'into-'));
      const data = 'x,y\n'.repeat(1000);
      const zip = makeZip([
        { name: 'work/' },
        { name: 'work/main.ipynb', content: notebook },
        { name: 'work/lib/net.py', content: script, stored: true },
        { name: 'work/lib/empty.py' },
        { name: 'work/data/Größe.csv', content: data },
        { name: '__MACOSX/work/._main.ipynb', content: 'x' },
        { name: 'work/.DS_Store', content: 'x' },
        { name: 'work/__pycache__/net.pyc', content: 'x' },
      ]);
      const outcome = await unpackPackage(await sent('work.zip', zip), into);
      if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.errors));
      expect(outcome).toMatchObject({ submissionKind: 'notebook', entry: 'main.ipynb' });
      expect(outcome.files.map(({ path }) => path)).toEqual([
        'main.ipynb',
        'lib/net.py',
        'lib/empty.py',
        'data/Größe.csv',
      ]);
      const contents = outcome.files.map(async ({ source }) => {
        const content = await readFile(source.file, 'utf8');
        expect(Buffer.byteLength(content)).toBe(source.bytes);
        return content;
      });
      expect(await Promise.all(contents)).toEqual([notebook, script, '', data]);
      expect((await readdir(into)).sort()).toEqual(['0', '1', '2', '3']);
    });

    it.each<[string, ZipEntry[], string]>([
      ['main.py beside others', [main, { name: 'util.py', content: script }], 'main.py'],
      [
        'the only script',
        [
          { name: 'train.py', content: script },
          { name: 'data.csv', content: 'a' },
        ],
        'train.py',
      ],
      [
        'the only notebook',
        [
          { name: 'a b.ipynb', content: notebook },
          { name: 'lib/x.py', content: 'x' },
        ],
        'a b.ipynb',
      ],
      ['main.py in a folder that was zipped as a whole', [{ name: 'work/main.py', content: script }], 'main.py'],
    ])('is started at %s', async (_what, entries, entry) => {
      expect(await checkZip(...entries)).toMatchObject({ kind: 'ok', entry });
    });

    it.each<[string, ZipEntry[], string, string | undefined]>([
      ['no entry point', [{ name: 'data.csv', content: 'a' }], 'no-entry-point', undefined],
      [
        'an entry point too deep',
        [{ name: 'a.txt' }, { name: 'a/main.py', content: script }],
        'no-entry-point',
        undefined,
      ],
      ['nothing in it', [], 'no-entry-point', undefined],
      ['two entry points', [main, { name: 'main.ipynb', content: notebook }], 'entry-points', 'main.ipynb'],
      [
        'two scripts',
        [
          { name: 'a.py', content: 'x' },
          { name: 'b.py', content: 'x' },
        ],
        'entry-points',
        'b.py',
      ],
      ['an option for a name', [{ name: '-c.py', content: script }], 'bad-name', '-c.py'],
      ['a broken entry point', [{ name: 'main.py', content: '\0' }], 'nul-byte', 'main.py'],
      ['a broken notebook', [{ name: 'main.ipynb', content: '{}' }], 'bad-notebook', 'main.ipynb'],
      ['..', [main, { name: '../x.py' }], 'bad-name', '../x.py'],
      ['.. inside', [main, { name: 'a/../../x.py' }], 'bad-name', 'a/../../x.py'],
      ['.. among what is left out', [main, { name: '__MACOSX/../x.py' }], 'bad-name', '__MACOSX/../x.py'],
      ['an absolute name', [main, { name: '/etc/passwd' }], 'bad-name', '/etc/passwd'],
      ['a drive', [main, { name: 'C:/x.py' }], 'bad-name', 'C:/x.py'],
      ['a backslash', [main, { name: 'a\\x.py' }], 'bad-name', 'a\\x.py'],
      ['a line break', [main, { name: 'a\nb.txt' }], 'bad-name', 'a\\nb.txt'],
      ['NUL in a name', [main, { name: 'a\0.txt' }], 'bad-name', 'a\\u{0}.txt'],
      ['a reversed name', [main, { name: 'a\u202Etxt.py' }], 'bad-name', 'a\\u{202e}txt.py'],
      ['an empty name', [main, { name: '' }], 'bad-name', ''],
      ['a dot', [main, { name: './x.py' }], 'bad-name', './x.py'],
      ['two slashes', [main, { name: 'a//x.py' }], 'bad-name', 'a//x.py'],
      ['the grader’s name', [main, { name: '.go', content: '{}' }], 'bad-name', '.go'],
      ['a link', [main, { name: 'x', content: '/etc/passwd', mode: 0o120777 }], 'not-a-file', 'x'],
      ['a device', [main, { name: 'x', mode: 0o020666 }], 'not-a-file', 'x'],
      ['a pipe', [main, { name: 'x', mode: 0o010666 }], 'not-a-file', 'x'],
      ['a folder without its slash', [main, { name: 'x', mode: 0o040755 }], 'not-a-file', 'x'],
      ['a folder with contents', [main, { name: 'x/', content: 'y' }], 'not-a-file', 'x/'],
      ['a name twice', [main, main], 'name-clash', 'main.py'],
      ['a case clash', [main, { name: 'Main.py', content: script }], 'name-clash', 'Main.py'],
      ['two forms of a letter', [main, { name: '\u00e9' }, { name: 'e\u0301' }], 'name-clash', 'e\u0301'],
      ['a file that is a folder', [main, { name: 'a' }, { name: 'a/b' }], 'name-clash', 'a/b'],
      ['a password', [{ ...main, flags: 0x801 }], 'encrypted', 'main.py'],
      ['strong encryption', [{ ...main, flags: 0x841 }], 'encrypted', undefined],
      ['AES', [{ ...main, method: 99 }], 'encrypted', 'main.py'],
      ['bzip2', [{ ...main, method: 12 }], 'compression', 'main.py'],
      ['an archive in it', [main, { name: 'x.zip', content: makeZip([main]) }], 'nested-archive', 'x.zip'],
      ['a bomb', [main, { name: 'x', content: Buffer.alloc(1 << 20) }], 'ratio', 'x'],
      ['a size that lies', [main, { name: 'x', content: 'abcdef'.repeat(9), declaredBytes: 3 }], 'bad-zip', 'x'],
      ['a size that boasts', [main, { name: 'x', content: 'abc', declaredBytes: 9 }], 'bad-zip', 'x'],
      ['a size without end', [main, { name: 'x', content: 'abc', declaredBytes: 4_000_000_000 }], 'too-large', 'x'],
      ['a wrong checksum', [main, { name: 'x', content: 'abc', crc32: 1 }], 'bad-zip', 'x'],
      ['another name inside', [{ ...main, localName: 'evil.py' }], 'bad-zip', 'main.py'],
      ['shared bytes', [main, { name: 'main.pz', content: script, sameAs: 0 }], 'bad-zip', 'main.pz'],
    ])('is refused with %s', async (_what, entries, code, path) => {
      expect(codes(await checkZip(...entries))).toEqual([[code, path]]);
    });

    it('is refused where entries overlap', async () => {
      // The same local header behind both names of the directory, as in a bomb of Fifield's kind; the names agree, too.
      const zip = makeZip([main, { ...main, sameAs: 0 }]);
      expect(codes(await check('work.zip', zip))).toEqual([['overlap', 'main.py']]);
    });

    it('is refused with too many entries before any of them is read', async () => {
      const many = Array.from({ length: 3000 }, (_, index) => ({ name: `a/${index}` }));
      expect(await checkZip(main, ...many)).toMatchObject({
        errors: [{ code: 'too-many-entries', message: 'The archive has 3,001 entries; at most 2,000 are taken.' }],
      });
    });

    it('is refused too deep, and with names that are too long', async () => {
      expect(codes(await checkZip(main, { name: `${'a/'.repeat(30)}x` }))).toMatchObject([
        ['bad-name', expect.any(String)],
      ]);
      expect(codes(await checkZip(main, { name: 'x'.repeat(300) }))).toMatchObject([['bad-name', expect.any(String)]]);
    });

    it('says the names of at most ten entries at once', async () => {
      const bad = Array.from({ length: 30 }, (_, index) => ({ name: `../${index}` }));
      const outcome = await checkZip(main, ...bad);
      expect(codes(outcome)).toHaveLength(10);
    });

    it('is refused cut off, damaged, or empty', async () => {
      const zip = makeZip([{ name: 'main.py', content: `${script}${Math.random()}`.repeat(100) }]);
      expect(codes(await check('work.zip', zip.subarray(0, -30)))).toEqual([['bad-zip', undefined]]);
      const damaged = Buffer.from(zip);
      damaged.fill(0xff, 40, 60);
      expect(codes(await check('work.zip', damaged))).toEqual([['bad-zip', 'main.py']]);
      expect(codes(await check('work.zip', ''))).toEqual([['bad-zip', undefined]]);
      expect(codes(await check('work.zip', 'no zip'))).toEqual([['bad-zip', undefined]]);
    });

    it('may hold weights and tables, which are archives by their format', async () => {
      expect(await checkZip(main, { name: 'model.pt', content: makeZip([main]) })).toMatchObject({ kind: 'ok' });
    });

    it('unpacks in bounded memory', async () => {
      const noise = Buffer.alloc(3 << 20);
      for (let at = 0; at < noise.length; at += 1) noise[at] = (at * 2_654_435_761) >>> 24;
      const zip = makeZip([
        main,
        ...Array.from({ length: 30 }, (_, index) => ({ name: `${index}`, content: noise, stored: true })),
      ]);
      const input = await sent('work.zip', zip);
      const before = process.memoryUsage().rss;
      expect(await checkPackage(input)).toMatchObject({ kind: 'ok' });
      expect(process.memoryUsage().rss - before).toBeLessThan(60 << 20);
    });
  });
});
