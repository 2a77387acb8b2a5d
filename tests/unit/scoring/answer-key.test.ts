import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelModule } from '../../../core/scoring/kernel/kernel.ts';
import { compileText, getCompiled, getKernel, problemsOf, scoreBytes } from './support.ts';

let kernel: KernelModule;
beforeAll(async () => {
  kernel = await getKernel();
}, 60_000);

const problems = (text: string, options: Parameters<typeof compileText>[2] = {}) =>
  problemsOf(compileText(kernel, text, options));

describe('an answer key', () => {
  it('is summarized: rows by board, classes, columns', () => {
    const { summary, notices } = getCompiled(
      kernel,
      'ID,class,usage\na,2,Public\nb,0,PRIVATE\nc,0,private\nd,4,ignored\n',
    );
    expect(summary).toEqual({
      rows: 4,
      public: 1,
      private: 2,
      ignored: 1,
      classes: ['0', '1', '2', '3', '4'],
      columns: { id: 'ID', label: 'class' },
    });
    expect(notices).toEqual([]);
  });

  it('counts every row on both boards where it has no Usage', () => {
    expect(getCompiled(kernel, 'id,label\na,x\nb,y').summary).toMatchObject({
      rows: 2,
      public: 2,
      private: 2,
      ignored: 0,
    });
  });

  it('has no scores on a board without rows, and says so when it is compiled', () => {
    const { key, notices } = getCompiled(kernel, 'id,label,Usage\na,0,Public\nb,1,Ignored\n');
    expect(notices).toEqual(['No row is Private: the private board will have no scores.']);
    expect(scoreBytes(kernel, key, 'id,label\na,0\nb,0\n', { metrics: ['top1'] })).toMatchObject({
      kind: 'scored',
      scores: { public: { top1: { hits: 1, rows: 1 } }, private: {} },
    });
  });

  it('may come with a byte order mark, CRLF, quotes and no final line end', () => {
    const { summary } = getCompiled(
      kernel,
      '\uFEFF"id","label","Usage"\r\n"a,1","red ""fox""",Public\r\nb,"wolf",Private',
    );
    expect(summary).toMatchObject({ rows: 2, classes: ['red "fox"', 'wolf'], columns: { id: 'id' } });
  });

  it.each([
    ['duplicate ids', 'id,label\na,1\nb,1\na,2\nb,3\n', ['4:duplicate-id', '5:duplicate-id']],
    ['an empty id', 'id,label\n,1\nb,1\n', ['2:empty-id']],
    ['an empty label', 'id,label\na,1\nb,\n', ['3:missing-label']],
    ['an unknown Usage', 'id,label,Usage\na,1,Public\nb,1,Test\nc,1,\n', ['3:bad-usage', '4:bad-usage']],
    ['a missing label column', 'id,Usage\na,Public\n', ['1:wrong-columns']],
    ['one column', 'id\na\n', ['1:wrong-columns']],
    ['two label columns', 'id,x,y\na,1,2\n', ['1:wrong-columns']],
    ['Usage as the id', 'Usage,label\na,1\n', ['1:wrong-columns']],
    ['Usage twice', 'id,label,Usage,usage\na,1,Public,Public\n', ['1:wrong-columns']],
    ['a row that is too short', 'id,label\na\n', ['2:wrong-field-count']],
    ['no rows', 'id,label\n', ['-:no-rows']],
    ['no text', '\n', ['-:empty-file']],
    ['no bytes', '', ['-:empty-file']],
    ['a web page', '<html></html>', ['-:not-csv']],
    ['an open quote', 'id,label\n"a,1\n', ['2:truncated']],
    ['text after a quote', 'id,label\n"a"b,1\n', ['2:bad-quote']],
    ['an id of 501 bytes', `id,label\n${'x'.repeat(501)},1\n`, ['2:too-long-name']],
  ])('is refused with %s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('is refused when it is not UTF-8, or larger than allowed', () => {
    expect(
      problemsOf(compileText(kernel, Uint8Array.from([...Buffer.from('id,label\na,1\n'), 0xe9, 0x2c, 0x31]))),
    ).toEqual(['3:not-utf8']);
    expect(problems('id,label\na,1\n', { maxBytes: 10 })).toEqual(['-:too-large']);
  });

  it('lists ten errors and counts the others', () => {
    const result = compileText(kernel, `id,label\n${Array.from({ length: 25 }, () => ',\n').join('')}`);
    expect(result).toMatchObject({ kind: 'rejected', report: { moreErrors: 40, errors: { length: 10 } } });
  });
});

describe('the classes', () => {
  const classes = (labels: string[]) =>
    getCompiled(kernel, `id,label\n${labels.map((label, i) => `${i},${label}`).join('\n')}`).summary.classes;

  it('are 0 to the largest where all labels are whole numbers', () => {
    expect(classes(['3', '0', '3'])).toEqual(['0', '1', '2', '3']);
  });

  it('are the distinct labels by code point where any is not', () => {
    expect(classes(['b', '10', '9', '07'])).toEqual(['07', '10', '9', 'b']);
    expect(classes(['\u{1F600}', '\uFF5E', 'z'])).toEqual(['z', '\uFF5E', '\u{1F600}']);
  });

  it('are the distinct numbers by value where they reach 65,536', () => {
    expect(classes(['70000', '9', '100'])).toEqual(['9', '100', '70000']);
  });

  it('are as given, in that order, and must hold every label', () => {
    const text = 'id,label\na,x\nb,y\n';
    expect(getCompiled(kernel, text, { classes: ['y', 'x', 'unused'] }).summary.classes).toEqual(['y', 'x', 'unused']);
    expect(problems(text, { classes: ['x'] })).toEqual(['3:unknown-label']);
    expect(problems(text, { classes: ['x', 'y', 'x'] })).toEqual(['-:bad-class']);
    expect(problems(text, { classes: ['x', 'y', ''] })).toEqual(['-:bad-class']);
    expect(problems(text, { classes: [] })[0]).toEqual('-:too-many-classes');
  });
});

describe('a sample submission', () => {
  const key = 'id,label,Usage\na,0,Public\nb,1,Private\nc,2,Private\n';

  it('fixes the row order, while hits stay in the order of the key', () => {
    const { key: ordered } = getCompiled(kernel, key, { sample: 'id,label_1,label_2\nc,0,1\na,0,1\nb,0,1\n' });
    const verdict = scoreBytes(kernel, ordered, 'id,label\nc,2\na,0\nb,0\n', { metrics: ['top1'] });
    expect(verdict).toMatchObject({
      scores: { public: { top1: { hits: 1, rows: 1 } }, private: { top1: { hits: 1, rows: 2 } } },
      hits: { top1: Uint8Array.of(0b101) },
    });
  });

  it.each([4, 20, 33, 50, 100, 250, 400, 1_000, 20_000])('leaves a key of %i rows as it is, row by row', (rows) => {
    const ids = Array.from({ length: rows }, (_, i) => `row-${i}`);
    const line = (id: string, i: number) => `${id},${i % 3}`;
    const solution = ['id,label,Usage', ...ids.map((id, i) => `${line(id, i)},${i % 2 === 0 ? 'Public' : 'Private'}`)];
    const sample = ['id,label', ...ids.toReversed().map((id) => `${id},0`)].join('\n');
    const { key: ordered } = getCompiled(kernel, solution.join('\n'), { sample });
    const isRight = (i: number) => i % 7 !== 3;
    const file = ['id,label', ...ids.map((id, i) => line(id, isRight(i) ? i : i + 1))].join('\n');
    const right = ids.flatMap((_, i) => (isRight(i) ? [i] : []));
    const hits = new Uint8Array(Math.ceil(rows / 8));
    for (const i of right) hits[i >> 3] = (hits[i >> 3] ?? 0) | (1 << (i & 7));
    const onBoard = (rest: number) => ({
      top1: { hits: right.filter((i) => i % 2 === rest).length, rows: ids.filter((_, i) => i % 2 === rest).length },
    });
    expect(scoreBytes(kernel, ordered, file, { metrics: ['top1'] })).toMatchObject({
      scores: { public: onBoard(0), private: onBoard(1) },
      hits: { top1: hits },
    });
  });

  it('may name its one label column otherwise', () => {
    const { key: named } = getCompiled(kernel, key, { sample: 'id,PredictionString\na,0\nb,0\nc,0\n' });
    expect(scoreBytes(kernel, named, 'id,PredictionString\na,0 1\nb,1\nc,2 0\n').kind).toBe('scored');
    expect(scoreBytes(kernel, named, 'id,label\na,0 1\nb,1\nc,2 0\n').kind).toBe('scored');
    expect(problemsOf(scoreBytes(kernel, named, 'id,other\na,0 1\nb,1\nc,2 0\n'))).toEqual(['1:wrong-columns']);
  });

  it.each([
    ['lacks an id', 'id,label\na,0\nb,0\n', ['4:unknown-id']],
    ['has another id', 'id,label\na,0\nb,0\nc,0\nd,0\n', ['-:missing-id']],
    ['has an id twice', 'id,label\na,0\nb,0\nb,0\n', ['-:duplicate-id']],
    ['names the id otherwise', 'image,label\na,0\nb,0\nc,0\n', ['1:wrong-columns']],
  ])('is refused when it %s', (_, sample, expected) => {
    expect(problems(key, { sample })).toEqual(expected);
  });
});

describe('an answer key of any targets', () => {
  const any = { targets: 'any' } as const;

  it('may have several, empty, long and more than there could be classes, and tells none of them', () => {
    const many = Array.from({ length: 70_000 }, (_, i) => `r${i},${i / 7},,Public\n`).join('');
    const { summary } = getCompiled(kernel, `id,y,note,Usage\n${many}last,${'9'.repeat(600)},x,Private\n`, any);
    expect(summary).toMatchObject({ rows: 70_001, public: 70_000, private: 1, classes: [] });
    expect(problems(`id,y\n${many.replaceAll(',,Public', '')}`)).not.toEqual([]);
  });

  it('must still have ids, each once, a target and a readable Usage', () => {
    expect(problems('id,y,z,Usage\na,1,1,Public\na,2,2,Public\n,3,3,Public\nb,1,1,Secret\nc,1\n', any)).toHaveLength(4);
    expect(problems('id,Usage\na,Public\n', any)).toHaveLength(1);
  });
});
