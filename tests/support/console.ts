import { afterEach, beforeEach } from 'vitest';

/**
 * A test that writes to console.error fails: it is how React, Node and libraries tell of a mistake that nobody looks at.
 * A test that means to provoke one replaces console.error with `vi.spyOn`.
 */
let written: string[] = [];
const original = console.error;

beforeEach(() => {
  written = [];
  console.error = (...values: unknown[]) => {
    written.push(values.map(String).join(' '));
    original(...values);
  };
});

afterEach(() => {
  console.error = original;
  if (written.length > 0) throw new Error(`console.error was called: ${written.join('\n')}`);
});
