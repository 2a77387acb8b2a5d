import { expect, it } from 'vitest';
import { neighbour, nextToGrade } from './grading-order.ts';

const rows = [
  { userId: 1, unmarked: ['report'] },
  { userId: 2, unmarked: [] },
  { userId: 3, unmarked: ['report'] },
  { userId: 4, unmarked: [] },
];
const [one, two, three, four] = rows;

it('goes on to the next who is to be graded, and from the end to the top', () => {
  expect(one && nextToGrade(rows, one)).toBe(three);
  expect(two && nextToGrade(rows, two)).toBe(three);
  expect(three && nextToGrade(rows, three)).toBe(one);
  expect(four && nextToGrade(rows, four)).toBe(one);
  expect(nextToGrade([{ userId: 3, unmarked: ['report'] }], { userId: 3, unmarked: ['report'] })).toBeUndefined();
});

it('walks over all, and stays at the ends', () => {
  expect(one && neighbour(rows, one, 1)).toBe(two);
  expect(two && neighbour(rows, two, -1)).toBe(one);
  expect(one && neighbour(rows, one, -1)).toBe(one);
  expect(four && neighbour(rows, four, 1)).toBe(four);
});
