import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { editYaml, type Edit } from '../../../dev/competition-folder/yaml-edit.ts';

const text = `# On top
title:   Midterm   # with spaces
metrics: [ top1,top5 ]
"quoted": 'it''s'
page: |
  Two
  lines
empty:
phases:
# a comment at the wrong place
- slug: main # the first
  dueAt: 2026-10-30T23:59:00-04:00


  runSettings:
      limits: { cpus: 1 }   # few
# the second
- slug: late
  parts:
    - {slug: a, title: A}
    # b is for everybody
    - slug: b
      title: >
        Folded
        text

# at the end
`;

/** The lines that are not in the other text, of each. */
function changedLines(before: string, after: string): [string[], string[]] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [old.filter((line) => !now.includes(line)), now.filter((line) => !old.includes(line))];
}

describe('a change to a YAML text', () => {
  it.each<[string, Edit, string[], string[]]>([
    [
      'a value with a comment',
      { kind: 'set', path: ['title'], value: 'Final: exam' },
      ['title:   Midterm   # with spaces'],
      ['title:   "Final: exam"   # with spaces'],
    ],
    [
      'a list on a line',
      { kind: 'set', path: ['metrics'], value: ['top5'] },
      ['metrics: [ top1,top5 ]'],
      ['metrics: [top5]'],
    ],
    [
      'a value in braces',
      { kind: 'set', path: ['phases', 0, 'runSettings', 'limits', 'cpus'], value: 2 },
      ['      limits: { cpus: 1 }   # few'],
      ['      limits: { cpus: 2 }   # few'],
    ],
    [
      'another value in braces',
      { kind: 'set', path: ['phases', 0, 'runSettings', 'limits', 'gpus'], value: 1 },
      ['      limits: { cpus: 1 }   # few'],
      ['      limits: { cpus: 1, gpus: 1 }   # few'],
    ],
    ['nothing by something', { kind: 'set', path: ['empty'], value: 3 }, ['empty:'], ['empty: 3']],
    [
      'a key in an item of a list',
      { kind: 'set', path: ['phases', 0, 'dailyLimit'], value: 5 },
      [],
      ['  dailyLimit: 5'],
    ],
    [
      'a block of text',
      { kind: 'set', path: ['page'], value: 'One line' },
      ['page: |', '  Two', '  lines'],
      ['page: One line'],
    ],
    [
      'a value by a map',
      { kind: 'set', path: ['phases', 0, 'dueAt'], value: { kind: 'x', list: [{ a: 1 }] } },
      ['  dueAt: 2026-10-30T23:59:00-04:00'],
      ['  dueAt:', '    kind: x', '    list:', '      - a: 1'],
    ],
    [
      'an item after a folded text',
      { kind: 'append', path: ['phases', 1, 'parts'], value: { slug: 'c', title: 'C' } },
      [],
      ['    - slug: c', '      title: C'],
    ],
    ['an item of the outer list', { kind: 'append', path: ['phases'], value: { slug: 'c' } }, [], ['- slug: c']],
    [
      'an item less',
      { kind: 'delete', path: ['phases', 1, 'parts', 1] },
      ['    - slug: b', '      title: >', '        Folded', '        text'],
      [],
    ],
    ['a key less', { kind: 'delete', path: ['page'] }, ['page: |', '  Two', '  lines'], []],
    ['a new key at the end', { kind: 'append', path: ['data'], value: { file: 'a' } }, [], ['data:', '  - file: a']],
  ])('%s: changes its lines alone', (_what, edit, removed, added) => {
    const after = editYaml(text, [edit]);
    expect(changedLines(text, after)).toEqual([removed, added]);
    expect(parseDocument(after).errors).toEqual([]);
  });

  it('keeps line ends as they are', () => {
    const windows = 'a: 1\r\nb:\r\n  - x: 1\r\n';
    expect(editYaml(windows, [{ kind: 'append', path: ['b'], value: { x: 2 } }])).toBe(`${windows}  - x: 2\r\n`);
    expect(editYaml('a: 1', [{ kind: 'set', path: ['b'], value: 2 }])).toBe('a: 1\nb: 2');
  });

  it('leaves an empty list where the last item goes', () => {
    expect(editYaml('a:\n  - x: 1\nb: 2\n', [{ kind: 'delete', path: ['a', 0] }])).toBe('a: []\nb: 2\n');
  });

  it('says what is meant even where it has to write the text anew', () => {
    const anchored = 'a: &it 1\nb: *it\n';
    expect(parseDocument(editYaml(anchored, [{ kind: 'set', path: ['b'], value: 2 }])).toJS()).toEqual({ a: 1, b: 2 });
  });
});
