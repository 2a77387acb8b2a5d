import { describe, expect, it } from 'vitest';
import { cleanLog, createLogText } from './log-text.ts';

const shown = (...pieces: string[]) => {
  const log = createLogText();
  for (const piece of pieces) log.write(piece);
  return log.lines.join('\n');
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the text of a log', () => {
  it('keeps a tqdm bar one line, whatever it is cut into', () => {
    const bar = Array.from({ length: 101 }, (_, i) => `\rtrain: ${String(i).padStart(3)}%|${'█'.repeat(i / 10)}|`).join(
      '',
    );
    const all = `begin\n${bar}\nend\n`;
    const expected = `begin\ntrain: 100%|██████████|\nend\n`;
    expect(shown(all)).toBe(expected);
    expect(shown(...all)).toBe(expected);
  });

  it('keeps two nested tqdm bars two lines', () => {
    const step = (outer: number, inner: number) => `\router ${outer}\n\rinner ${inner}\u001b[A`;
    expect(shown(step(0, 0), step(0, 1), step(1, 0), step(1, 1), '\n\ndone\n')).toBe('outer 1\ninner 1\ndone\n');
  });

  it('understands backspaces, as Keras prints them, and erased lines', () => {
    expect(shown('10%\b\b\b20%\b\b\b100%')).toBe('100%');
    expect(shown('downloading 100 of 100\r\u001b[Kdone')).toBe('done');
    expect(shown('abc\u001b[2K\rd')).toBe('d');
  });

  it('takes colours, titles and links out, also where they are cut', () => {
    const text =
      '\u001b[1;31merror\u001b[0m \u001b]0;title\u0007\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\\u001b(B';
    expect(shown(text)).toBe('error link');
    expect(shown(...text)).toBe('error link');
  });

  it.each([
    ['carriage returns', '\rx'],
    ['backspaces', '\bab'],
    ['erasing', 'ab\b\u001b[K'],
    ['erasing to the left', '\r0123456789\u001b[200000G\u001b[1K'],
    ['two lines in turn', '\u001b[Aa\rb\u001b[Bc\r'],
  ])('is done in no time with a long line that is drawn over by %s', (_how, again) => {
    const long = 'a'.repeat(500_000);
    const from = performance.now();
    const text = shown(`${long}\n${long}${again.repeat(500_000 / again.length)}`);
    expect(performance.now() - from).toBeLessThan(30_000);
    expect(text.length).toBeGreaterThan(500_000);
    expect(shown('\r10%', '\r20%')).toBe('20%');
  });

  it('shows what could deceive as what it is, and leaves NUL out', () => {
    expect(shown('a\0b\u202egnp.exe\u0001\u007f</script>')).toBe('ab⟨U+202E⟩gnp.exe␁␡</script>');
    expect(shown('é, 深, 🙂')).toBe('é, 深, 🙂');
  });

  it('lets nobody rewrite what was read long ago, or write where nothing is', () => {
    const log = createLogText();
    log.write(Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join(''));
    log.write('\u001b[9999Anew\u001b[999999B\u001b[999999G!');
    expect(log.lines[79]).toBe('line 79');
    expect(log.lines[80]).toBe('newe 80');
    expect(log.lines.length).toBe(101);
    expect(log.lines[100]).toBe('!');
  });

  it('says which lines have changed, and drops the oldest', () => {
    const log = createLogText({ maxLines: 10, maxLineLength: 5 });
    expect(log.write('one\ntwo')).toBe(0);
    expect(log.write(' and more')).toBe(1);
    expect(log.lines).toEqual(['one', 'two a']);
    expect(log.write('\n')).toBe(2);
    log.write(Array.from({ length: 30 }, (_, i) => `${i}\n`).join(''));
    expect(log.lines.length).toBeLessThanOrEqual(10);
    expect(log.dropped + log.lines.length).toBe(33);
    expect(log.lines.at(-2)).toBe('29');
  });

  it('takes a flood in its stride', () => {
    const log = createLogText({ maxLines: 5000 });
    const startedMs = performance.now();
    const piece = Array.from({ length: 1000 }, (_, i) => `epoch ${i}: loss 0.123456, accuracy 0.98765\n`).join('');
    for (let i = 0; i < 200; i++) log.write(piece);
    log.write('x'.repeat(1_000_000));
    for (let i = 0; i < 1000; i++) log.write(`\u001b[${i}`);
    expect(performance.now() - startedMs).toBeLessThan(30_000);
  });

  it('is kept with its beginning and its end, invalid bytes marked', () => {
    expect(cleanLog({ head: bytes('a\r'), tail: bytes('b\n'), skipped: 0 })).toBe('b\n');
    const [first, second] = [bytes('é').subarray(0, 1), bytes('é').subarray(1)];
    expect(cleanLog({ head: first, tail: second, skipped: 0 })).toBe('é');
    expect(cleanLog({ head: new Uint8Array([65, 255, 66]), tail: bytes('end'), skipped: 12_345 })).toBe(
      'A\ufffdB\n[… 12,345 bytes left out …]\nend',
    );
  });
});
