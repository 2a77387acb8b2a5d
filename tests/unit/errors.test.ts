import { describe, expect, it } from 'vitest';
import { isUnavailable } from '../../api/errors.ts';

describe('a database that is away', () => {
  it.each([
    ['57P03', 'the database system is starting up'],
    ['08006', 'connection failure'],
    ['ECONNREFUSED', 'connect ECONNREFUSED'],
    ['P1001', 'Can’t reach it'],
    ['P2039', 'Database error. Code: `57P03`. Message: `the database system is in recovery mode`'],
    ['P2010', 'Raw query failed. Code: `57P01`. Message: `terminating connection due to administrator command`'],
    [undefined, 'Connection terminated unexpectedly'],
  ])('is known by %s: %s', (code, message) => {
    expect(isUnavailable({ message, ...(code !== undefined && { code }) })).toBe(true);
  });

  it.each([
    ['23505', 'duplicate key value'],
    ['P2039', 'Database error. Code: `42P01`. Message: `relation "57P03" does not exist`'],
    ['P2002', 'Unique constraint failed. Code: `57P03`'],
    [undefined, 'x is not a function'],
  ])('is not %s: %s', (code, message) => {
    expect(isUnavailable({ message, ...(code !== undefined && { code }) })).toBe(false);
  });
});
