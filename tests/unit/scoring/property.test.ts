import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelModule } from '../../../core/scoring/kernel/kernel.ts';
import type { Verdict } from '../../../core/scoring/predictions.ts';
import { scoreNaively, type NaiveKey, type NaiveResult } from './naive.ts';
import { createRandom, getCompiled, getKernel, scoreBytes } from './support.ts';

let kernel: KernelModule;
beforeAll(async () => {
  kernel = await getKernel();
}, 60_000);

const METRICS = ['top1', 'topk(3)', 'top5'];
type Random = (below: number) => number;

describe('on random and mutated files', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'kernel, careful path and naive scorer agree (seed %i)',
    (seed) => {
      const random = createRandom(seed * 7919 + 1);
      const key = randomKey(random);
      const compiled = getCompiled(kernel, keyText(key), { classes: key.classes });
      for (let i = 0; i < 60; i++) {
        const text = mutate(random, randomFile(random, key), key);
        const fast = scoreBytes(kernel, compiled.key, text, { metrics: METRICS });
        const careful = scoreBytes(kernel, compiled.key, text, { metrics: METRICS, useKernel: false });
        expect(careful, text).toEqual(fast);
        expect(scoreBytes(kernel, compiled.key, text, { metrics: METRICS, chunkBytes: 1 + random(200) }), text).toEqual(
          fast,
        );
        if (!hasOpenQuote(text)) expect(summary(fast, key), text).toEqual(scoreNaively(key, text, METRICS));
        const check = scoreBytes(kernel, compiled.key, text, { check: true });
        expect(check.kind === 'rejected' ? check : 'valid', text).toEqual(fast.kind === 'rejected' ? fast : 'valid');
      }
    },
  );

  it('finds no difference wherever a file is cut into two pieces', () => {
    const random = createRandom(5);
    const classes = Array.from({ length: 12 }, (_, i) => String(i));
    const rows = Array.from({ length: 25 }, (_, i) => ({
      id: i % 5 === 0 ? `c,"${i}` : `é${i}`,
      label: pick(random, classes),
      usage: 'both' as const,
    }));
    const key: NaiveKey = { classes, rows };
    const compiled = getCompiled(kernel, keyText(key), { classes });
    const bytes = new TextEncoder().encode(`\uFEFF${randomFile(random, key).replaceAll('\n', '\r\n')}`);
    const whole = scoreBytes(kernel, compiled.key, bytes);
    expect(whole.kind).toBe('scored');
    for (let chunkBytes = 1; chunkBytes < bytes.length; chunkBytes += 1 + (chunkBytes >> 4)) {
      expect(scoreBytes(kernel, compiled.key, bytes, { chunkBytes })).toEqual(whole);
    }
  });

  it('agrees on files of several windows, in order, shuffled and with every 1,000th row spoilt', () => {
    const random = createRandom(9);
    const rows = Array.from({ length: 40_000 }, (_, i) => ({
      id: `some_rather_long_name_${i}`,
      label: String(random(100)),
      usage: 'both' as const,
    }));
    const key: NaiveKey = { rows, classes: Array.from({ length: 100 }, (_, i) => String(i)) };
    const compiled = getCompiled(kernel, keyText(key));
    const lines = rows.map(({ id }) => `${id},${random(100)}`);
    const spoilt = lines.map((line, i) => (i % 1_000 === 999 ? `"${line.replace(',', '",')}` : line));
    for (const body of [lines, shuffled(random, lines), spoilt, shuffled(random, spoilt)]) {
      const text = `id,label\n${body.join('\n')}`;
      const fast = scoreBytes(kernel, compiled.key, text);
      expect(fast.kind).toBe('scored');
      expect(scoreBytes(kernel, compiled.key, text, { useKernel: false })).toEqual(fast);
      expect(scoreBytes(kernel, compiled.key, text, { chunkBytes: 70_001 })).toEqual(fast);
    }
  });
});

function randomKey(random: Random): NaiveKey {
  const classes = pick(random, [
    Array.from({ length: 1 + random(12) }, (_, i) => String(i)),
    ['cat', 'dog', 'red fox', 'n01440764', 'ünïcode', 'a"b', 'x,y', 'nan'],
    ['n01440764', 'n01443537', 'n01484850', 'n01491361', 'n01494475', 'n01496331', 'wolf'],
  ]);
  const wide = random(2) * 30;
  const ids = Array.from({ length: 1 + random(20) }, (_, i) =>
    pick(random, [
      `row${i}`,
      `${i}`,
      `img_${'x'.repeat(wide)}${i}`,
      `é${i}`,
      `q"${i}`,
      `c,${i}`,
      `=cmd|${i}`,
      `n\n${i}`,
    ]),
  );
  const usages = pick(random, [['both'], ['Public', 'Private', 'Ignored'], ['Public']] as const);
  return {
    classes,
    rows: [...new Set(ids)].map((id) => ({
      id,
      label: pick(random, classes),
      usage: pick<NaiveKey['rows'][number]['usage']>(random, usages),
    })),
  };
}

function keyText({ rows }: NaiveKey): string {
  if (rows[0]?.usage === 'both')
    return `id,label\n${rows.map(({ id, label }) => `${quoted(id)},${quoted(label)}`).join('\n')}\n`;
  return `id,label,Usage\n${rows.map(({ id, label, usage }) => `${quoted(id)},${quoted(label)},${usage}`).join('\n')}\n`;
}

function randomFile(random: Random, { rows, classes }: NaiveKey): string {
  const k = 1 + random(Math.min(6, classes.length));
  const list = random(3) === 0;
  const header = [
    'id',
    ...(list
      ? ['label']
      : k === 1
        ? [pick(random, ['label', 'label_1'])]
        : Array.from({ length: k }, (_, i) => `label_${i + 1}`)),
  ];
  const order = random(2) === 0 ? rows : shuffled(random, rows);
  const separator = classes.some((name) => name.includes(' ')) ? undefined : ' ';
  const lines = order.map(({ id, label }) => {
    const labels = shuffled(random, classes).slice(0, k);
    if (random(3) === 0 && !labels.includes(label)) labels[0] = label;
    const cells = list ? [separator === undefined ? (labels[0] ?? '') : labels.join(separator)] : labels;
    return [id, ...cells]
      .map((cell) => (random(20) === 0 ? `"${cell.replaceAll('"', '""')}"` : quoted(cell)))
      .join(',');
  });
  return `${header.join(',')}\n${lines.join('\n')}${random(3) === 0 ? '' : '\n'}`;
}

/** Spoils about half of the files below their header. */
function mutate(random: Random, text: string, { classes }: NaiveKey): string {
  const from = text.indexOf('\n') + 1;
  let body = text.slice(from);
  const header = text.slice(0, from);
  for (let i = random(6) - 2; i > 0; i--) {
    const at = random(body.length + 1);
    const lines = body.split('\n');
    const line = random(lines.length);
    body = pick(random, [
      () =>
        body.slice(0, at) +
        pick(random, [' ', ',', '"', '\n', '\r\n', '\r', '0', '7', 'x', '-', 'é', '\0', '\n\n']) +
        body.slice(at),
      () => body.slice(0, at) + body.slice(at + 1),
      () => lines.toSpliced(line, 1).join('\n'),
      () => lines.toSpliced(line, 0, lines[random(lines.length)] ?? '').join('\n'),
      () =>
        lines
          .toSpliced(
            line,
            1,
            (lines[line] ?? '').replace(/[^,]*$/, () =>
              pick(random, ['', 'nan', 'inf', '07', '7.0', '99999', 'None', ' 1', classes[0] ?? '']),
            ),
          )
          .join('\n'),
      () => body.replaceAll('\n', '\r\n'),
    ])();
  }
  return header + body;
}

function summary(verdict: Verdict, key: NaiveKey): NaiveResult {
  if (verdict.kind === 'rejected') {
    const { errors, moreErrors } = verdict.report;
    return {
      kind: 'rejected',
      problems: errors.map(({ line, code }) => `${line ?? '-'}:${code}`),
      count: errors.length + moreErrors,
    };
  }
  if (verdict.kind === 'valid') throw new Error('not scored');
  const share = (split: 'public' | 'private'): Record<string, string> => {
    return Object.fromEntries(
      METRICS.map((name) => [
        name,
        `${verdict.scores[split][name]?.hits ?? 0}/${verdict.scores[split][name]?.rows ?? 0}`,
      ]),
    );
  };
  const bits = (bytes: Uint8Array | undefined): number[] =>
    key.rows.map((_, row) => ((bytes?.[row >> 3] ?? 0) >> (row & 7)) & 1);
  return {
    kind: 'scored',
    hits: Object.fromEntries(METRICS.map((name) => [name, bits(verdict.hits[name])])),
    public: share('public'),
    private: share('private'),
  };
}

/** Whether a quote is still open at the end: such a file stops the reader, which the naive scorer does not copy. */
function hasOpenQuote(text: string): boolean {
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  for (const character of text) {
    if (state === 'quoted') state = character === '"' ? 'closed' : 'quoted';
    else if (character === '"' && (state === 'start' || state === 'closed')) state = 'quoted';
    else state = /[,\r\n]/.test(character) ? 'start' : 'plain';
  }
  return state === 'quoted';
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[random(from.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, by: random(2 ** 30) }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ item }) => item);
}
