import { describe, expect, it } from 'vitest';
import { differences } from './differences.ts';

describe('what an act changed', () => {
  it('is told part by part, however deep, without what stayed', () => {
    const before = { dailyLimit: 5, runSettings: { image: 'python', limits: { cpus: 1, gpus: 0 } } };
    const after = { dailyLimit: null, runSettings: { image: 'python', limits: { cpus: 1, gpus: 1 } } };
    expect(differences(before, after)).toEqual([
      { path: 'dailyLimit', before: '5', after: 'null' },
      { path: 'runSettings.limits.gpus', before: '0', after: '1' },
    ]);
  });

  it('tells what came and what went', () => {
    expect(differences(undefined, { role: 'ta' })).toEqual([{ path: 'role', before: undefined, after: 'ta' }]);
    expect(differences({ role: 'ta' }, undefined)).toEqual([{ path: 'role', before: 'ta', after: undefined }]);
    expect(differences({ runSettings: null }, { runSettings: { image: 'python' } })).toEqual([
      { path: 'runSettings', before: 'null', after: undefined },
      { path: 'runSettings.image', before: undefined, after: 'python' },
    ]);
    expect(differences(undefined, undefined)).toEqual([]);
  });

  it('keeps lists together', () => {
    expect(differences({ metrics: ['top1'] }, { metrics: ['top1', 'top5'] })).toEqual([
      { path: 'metrics', before: '["top1"]', after: '["top1","top5"]' },
    ]);
  });

  it('shows of a long text the lines that differ, and one around them', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const changed = lines.map((line) => (line === 'line 9' ? 'another line' : line));
    expect(differences({ description: lines.join('\n') }, { description: changed.join('\n') })).toEqual([
      {
        path: 'description',
        before: '…\nline 8\nline 9\nline 10\n…',
        after: '…\nline 8\nanother line\nline 10\n…',
      },
    ]);
    expect(differences({ d: 'a\na' }, { d: 'a' })).toEqual([{ path: 'd', before: 'a\na', after: 'a' }]);
  });
});
