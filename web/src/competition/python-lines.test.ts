import { describe, expect, it } from 'vitest';
import { pythonLines } from './python-lines.ts';

const place = {
  origin: 'https://topk.example.edu',
  slug: 'digits',
  phaseSlug: undefined,
  phase: { accepts: ['predictions' as const], parts: [] },
};
const last = (more: Partial<Parameters<typeof pythonLines>[0]>) =>
  pythonLines({ ...place, ...more })
    .split('\n')
    .at(-1);

describe('the lines for Python', () => {
  it('submit predictions, or run code where only that is taken', () => {
    expect(last({})).toBe('topk.submit("digits", "predictions.csv", note="first try")');
    expect(last({ phase: { accepts: ['code', 'notebook'], parts: [] } })).toBe(
      'topk.run("digits", "main.py", note="first try")',
    );
    expect(last({ phase: { accepts: ['notebook'], parts: [] } })).toContain('"main.ipynb"');
  });

  it('name the phase that is looked at, and a part where one has to be named', () => {
    const parts = [{ slug: 'one', title: 'One' }];
    expect(last({ phaseSlug: 'final', phase: { accepts: ['predictions'], parts } })).toBe(
      'topk.submit("digits", "predictions.csv", note="first try", phase="final", part="one")',
    );
  });

  it.each([
    ['https://topk.example.edu', false],
    ['http://127.0.0.1:3000', false],
    ['http://localhost:3000', false],
    ['http://[::1]:3000', false],
    ['http://10.0.0.5:3000', true],
    ['http://localhost.example.edu', true],
  ])('say of %s whether it is unencrypted: %s', (origin, unencrypted) => {
    expect(pythonLines({ ...place, origin }).includes('allow_http=True')).toBe(unencrypted);
  });
});
