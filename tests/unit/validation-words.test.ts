import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inWords } from '../../api/http/validation-words.ts';

describe('what is wrong with a request', () => {
  const words = (schema: z.ZodType, value: unknown) =>
    schema.safeParse(value).error?.issues.map(({ message }) => inWords(message));

  it.each([
    [z.object({ title: z.string() }), {}, 'is missing'],
    [z.string(), 1, 'must be text'],
    [z.coerce.number(), 'abc', 'must be a number'],
    [z.number().int(), 1.5, 'must be a whole number'],
    [z.array(z.string()), 'a', 'must be a list'],
    [z.enum(['homework', 'midterm']), 'quiz', 'must be one of "homework", "midterm"'],
    [z.strictObject({}), { slug: 1, foo: 2 }, 'nothing here is called "slug" or "foo"'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(3), 'a', 'must have at least 3 characters'],
    [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 items'],
    [z.number().min(1), 0, 'must be at least 1'],
    [z.number().max(200), 201, 'must be at most 200'],
    [z.string().regex(/a/, 'letters only'), 'b', 'letters only'],
  ])('is told in plain words (%#)', (schema, value, expected) => {
    expect(words(schema, value)).toEqual([expected]);
  });
});
