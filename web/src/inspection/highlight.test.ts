import { expect, it } from 'vitest';
import { highlightPython } from './highlight.ts';

it('keeps every character, line by line, whatever they are', () => {
  const text = 'def f(x):  # </pre><script>\n\treturn "é\\n" + str(x * 2.5)\n\n"""open\nstring';
  const lines = highlightPython(text);
  expect(lines.map((line) => line.map((piece) => piece.text).join('')).join('\n')).toBe(text);
  const kindOf = (wanted: string) => lines.flat().find((piece) => piece.text === wanted)?.kind;
  expect([kindOf('def'), kindOf('return'), kindOf('2.5'), kindOf('f')]).toEqual([
    'keyword',
    'keyword',
    'number',
    'name',
  ]);
  expect(lines[0]?.at(-1)).toEqual({ text: '# </pre><script>', kind: 'comment' });
});

it('leaves the colours out of what is very long', () => {
  const lines = highlightPython('x = 1\n'.repeat(50_000));
  expect(lines.length).toBe(50_001);
  expect(lines.flat().every(({ kind }) => kind === undefined)).toBe(true);
});
