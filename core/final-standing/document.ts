import { createHash } from 'node:crypto';
import { FinalDocument } from '../contract/final-standing.ts';
import type { RankedRow } from './ranked.ts';

interface Heading {
  readonly competition: string;
  readonly phase: string;
  readonly metrics: readonly string[];
}

/** A private board in the form in which it is frozen: with nothing that classmates may not see, so that all may have it and check its hash. */
export function finalDocument({ competition, phase, metrics }: Heading, ranked: readonly RankedRow[]): FinalDocument {
  return {
    format: 'topk-final-1',
    competition,
    phase,
    metrics: [...metrics],
    rows: ranked.map(({ rank, publicRank, pseudonym, kind, value, scores }) => ({
      rank,
      publicRank,
      name: pseudonym,
      baseline: kind === 'baseline',
      value,
      scores,
    })),
  };
}

/** The one text of a JSON value: members in the order of their names' UTF-16 code units, no white space, as RFC 8785 has it. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** SHA-256 of a document's text, hexadecimal: what `sha256sum` prints for the downloaded file. */
export function documentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function parseDocument(text: string): FinalDocument {
  return FinalDocument.parse(JSON.parse(text));
}

/** A frozen row, and whose it is. */
export interface Place {
  readonly row: FinalDocument['rows'][number];
  readonly teamId: number;
  readonly submissionId: number;
}

/** Whether the private board stands otherwise now than it was frozen: by order, ranks, scores, or what counts. A team's new pseudonym is no difference. */
export function differs(frozen: readonly Place[], now: readonly RankedRow[]): boolean {
  const then = frozen.map(({ row, teamId, submissionId }) => [teamId, submissionId, row.rank, row.value, row.scores]);
  const live = now.map(({ rank, teamId, submissionId, value, scores }) => [teamId, submissionId, rank, value, scores]);
  return canonicalJson(then) !== canonicalJson(live);
}
