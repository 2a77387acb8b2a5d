import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  differs,
  documentHash,
  finalDocument,
  type Place,
} from '../../../core/final-standing/document.ts';
import type { RankedRow } from '../../../core/final-standing/ranked.ts';

function ranked(teamId: number, value: number, rest: Partial<RankedRow> = {}): RankedRow {
  return {
    rank: teamId,
    publicRank: teamId,
    teamId,
    pseudonym: `Team ${teamId}`,
    kind: 'students',
    value,
    receivedAt: new Date(0),
    submissionId: teamId * 10,
    scores: { top1: { value, rows: 2, hits: 1 } },
    ...rest,
  };
}

function frozen(rows: readonly RankedRow[]): Place[] {
  const document = finalDocument({ competition: 'c', phase: 'main', metrics: ['top1'] }, rows);
  return document.rows.map((row, index) => ({
    row,
    teamId: rows[index]?.teamId ?? 0,
    submissionId: rows[index]?.submissionId ?? 0,
  }));
}

describe('the text that is hashed', () => {
  it('does not depend on the order in which members were written', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'é' }], a: 0.1 })).toBe('{"a":0.1,"b":[1,{"c":"é","d":null}]}');
    expect(canonicalJson({ a: 0.1, b: [1, { c: 'é', d: null }] })).toBe(
      canonicalJson({ b: [1, { d: null, c: 'é' }], a: 0.1 }),
    );
  });

  it('is told apart by every value, and hashed as sha256sum does', () => {
    expect(documentHash('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(documentHash(canonicalJson({ value: 0.1 }))).not.toBe(documentHash(canonicalJson({ value: 0.2 })));
  });

  it('holds neither who a team is nor which submission counts', () => {
    const text = canonicalJson(
      finalDocument({ competition: 'c', phase: 'main', metrics: ['top1'] }, [ranked(77, 0.5)]),
    );
    expect(text).not.toMatch(/submission|received|770/);
  });
});

describe('whether the board differs from what was frozen', () => {
  const before = [ranked(1, 0.9), ranked(2, 0.5)];

  it('is no while nothing but names and public ranks has changed', () => {
    expect(differs(frozen(before), before)).toBe(false);
    expect(differs(frozen(before), [ranked(1, 0.9, { pseudonym: 'Other', publicRank: 2 }), ranked(2, 0.5)])).toBe(
      false,
    );
  });

  it.each([
    ['a score', [ranked(1, 0.8), ranked(2, 0.5)]],
    ['which submission counts', [ranked(1, 0.9, { submissionId: 11 }), ranked(2, 0.5)]],
    ['who is there', [ranked(1, 0.9)]],
    ['the order', [ranked(2, 0.5, { rank: 1 }), ranked(1, 0.9, { rank: 2 })]],
  ])('is yes where %s has changed', (_what, now) => {
    expect(differs(frozen(before), now)).toBe(true);
  });
});
