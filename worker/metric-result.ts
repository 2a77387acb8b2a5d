import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { customMetricName, type BoardScores, type Scores } from '../core/contract/scores.ts';
import type { Outcome } from './executor/executor.ts';

export const metricResult = { name: 'result.json', maxBytes: 262_144 } as const;

export type CustomVerdict =
  | { readonly kind: 'scored'; readonly scores: Scores }
  /** For the student. */
  | { readonly kind: 'rejected'; readonly reason: string };

/** How many rows of the answer key each board counts. */
export type BoardRows = Readonly<Record<'public' | 'private', number>>;

const longestSentence = 280;

/** In the order of the metric's own dict: the first is ranked by. Names that are numbers would come first in JavaScript. */
const Values = z
  .record(z.string().regex(/\D/, 'a name that is a number'), z.number())
  .refine((values) => Object.keys(values).length > 0, 'no value');
/** Null for a board without rows. */
const Result = z.union([
  z.object({ public: Values.nullable(), private: Values.nullable() }),
  z.object({ participantError: z.string() }),
  z.object({ scorerError: z.string() }),
]);

/**
 * What a run of grader-images/scorer/topk_score.py came to.
 * @throws with the scorer's own words for staff where it failed
 */
export async function readMetricResult(outcome: Outcome, rows: BoardRows): Promise<CustomVerdict> {
  const result = await readResult(outcome);
  if ('participantError' in result) return { kind: 'rejected', reason: sentence(result.participantError) };
  if ('scorerError' in result) throw new Error(`The metric failed: ${result.scorerError.slice(-1500)}`);
  const { public: onPublic, private: onPrivate } = result;
  return {
    kind: 'scored',
    scores: { public: boardScores(onPublic, rows.public), private: boardScores(onPrivate, rows.private) },
  };
}

async function readResult(outcome: Outcome): Promise<z.infer<typeof Result>> {
  const { ending } = outcome;
  if (ending.kind === 'timed-out') throw new Error('The metric took longer than it may.');
  if (ending.kind === 'out-of-memory') throw new Error('The metric took more memory than it may.');
  if (ending.kind !== 'exited') throw new Error(`The metric’s run ended as ${ending.kind}.`);
  const file = outcome.files.get(metricResult.name);
  if (ending.code !== 0 || file?.kind !== 'file')
    throw new Error(`The metric ended with exit code ${ending.code} and no result: ${lastWords(outcome)}`);
  const parsed = Result.safeParse(jsonOf(await readFile(file.file, 'utf8')));
  // A metric may print what it likes, but only its scorer writes the result.
  if (!parsed.success) throw new Error(`The metric’s result can’t be read: ${lastWords(outcome)}`);
  return parsed.data;
}

/** Undefined where it is no JSON, as with Python's NaN. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `custom` is what is ranked by; the other values of a dict are shown beside it as `custom.<name>`. */
function boardScores(values: z.infer<typeof Values> | null, rows: number): BoardScores {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value], index) => [
      index === 0 ? customMetricName : `${customMetricName}.${name}`,
      { value, rows },
    ]),
  );
}

/** One line of ordinary characters, for a student. */
function sentence(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line === ''
    ? 'The metric refused the file, and did not say why.'
    : [...line].slice(0, longestSentence).join('');
}

function lastWords({ log }: Outcome): string {
  const bytes = log.tail.length > 0 ? log.tail : log.head;
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replaceAll(/[^\P{Cc}\n]/gu, '')
    .trim();
  return text === '' ? 'it printed nothing' : text.slice(-1500);
}
