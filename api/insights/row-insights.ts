import { setImmediate as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { AgreeingPair, RowInsights } from '../../core/contract/insights.ts';
import { rows } from '../../core/db/sql.ts';
import { createComparison } from '../../core/insights/agreement.ts';
import { evenly, type Answers } from '../../core/insights/answers.ts';
import { confusions, hardestRows } from '../../core/insights/mistakes.ts';
import type { Labelled } from '../../core/scoring-pool/pool.ts';
import { USAGE } from '../../core/scoring/key-memory.ts';
import { classNames, idsOfRows } from '../../core/scoring/key-reader.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { AppError } from '../errors.ts';
import { findPredictions, primaryRank, readLabels, type PredictionsSource } from '../inspection/predictions.ts';
import type { Services } from '../services.ts';

/** Bounds of what one question costs: teams that are read, answers that are kept, and comparisons of one answer with another. */
const mostTeams = 300;
const mostAnswers = 8_000_000;
const mostComparisons = 100_000_000;
const mostListed = 50;
/** How unlikely a pair has to be to be shown, all pairs being allowed for. */
const threshold = 0.01;
/** Phases whose answers are kept, so that only what has changed is read again. */
const keepAtMost = 3;

interface Kept {
  readonly version: string;
  readonly labels: Promise<ReadonlyMap<string, Labelled>>;
  readonly insights: Promise<RowInsights>;
}

/** Answers from what is kept as long as the same submissions count; whoever asks meanwhile waits for the same reading. */
export function createRowInsights(services: Services): (phase: FullPhase) => Promise<RowInsights> {
  const kept = new Map<number, Kept>();
  return async (phase) => {
    const { sources, of } = await findCounted(services, phase.id);
    const version = sources.map(nameOf).join(' ');
    const before = kept.get(phase.id);
    if (before?.version === version) return await before.insights;
    const labels = readAll(services, sources, before?.labels);
    const entry = { version, labels, insights: labels.then((read) => insightsOf(phase.slug, sources, of, read)) };
    kept.delete(phase.id);
    kept.set(phase.id, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= keepAtMost) break;
      kept.delete(oldest);
    }
    // What failed is tried again by the next who asks.
    entry.insights.catch(() => kept.get(phase.id) === entry && kept.delete(phase.id));
    return await entry.insights;
  };
}

/**
 * The submissions that count on the private board and were scored with the key in force, the best first.
 * @throws conflict where no metric counts rows, or nothing counts yet
 */
async function findCounted({ db }: Services, phaseId: number): Promise<{ sources: PredictionsSource[]; of: number }> {
  const counted = await rows(
    db.pool,
    z.object({ id: z.number().int() }),
    `select submission.id
     from standing
     join team on team.id = standing.team_id and team.kind = 'students'
     join submission on submission.id = standing.submission_id
     join phase on phase.id = standing.phase_id
     where standing.phase_id = $1 and standing.board = 'private' and submission.answer_key_id = phase.answer_key_id
     order by standing.value desc, standing.received_at, standing.submission_id`,
    [phaseId],
  );
  const ids = counted.slice(0, mostTeams).map(({ id }) => id);
  const found = new Map((await findPredictions(db.pool, ids)).map((source) => [source.submissionId, source]));
  const sources = ids.flatMap((id) => found.get(id) ?? []);
  if (sources.length === 0)
    throw new AppError('conflict', 'No team has a submission that counts and was scored row by row yet.');
  return { sources, of: counted.length };
}

function nameOf({ submissionId, attempt, fileHash, keyHash, sampleHash }: PredictionsSource): string {
  return [submissionId, attempt, fileHash, keyHash, sampleHash ?? ''].join('-');
}

/** One after the other, so that those who check a file have their turn in between. */
async function readAll(
  services: Services,
  sources: readonly PredictionsSource[],
  before: Kept['labels'] | undefined,
): Promise<ReadonlyMap<string, Labelled>> {
  const known = (await before?.catch(() => undefined)) ?? new Map<string, Labelled>();
  const read = new Map<string, Labelled>();
  let answers = 0;
  for (const source of sources) {
    const name = nameOf(source);
    const labels = known.get(name) ?? (await readLabels(services, source));
    answers += labels.key.rows;
    if (answers > mostAnswers && read.size >= 2) break;
    read.set(name, labels);
  }
  return read;
}

async function insightsOf(
  phase: string,
  sources: readonly PredictionsSource[],
  of: number,
  labels: ReadonlyMap<string, Labelled>,
): Promise<RowInsights> {
  const [first] = labels.values();
  const primary = primaryRank(sources[0]?.metrics ?? []);
  if (!first || !primary) throw new Error('nothing was read');
  const { key } = first;
  const names = classNames(key);
  const usage = new Uint8Array(key.memory.buffer, key.layout.usage, key.rows);
  const truth = new Uint32Array(key.memory.buffer, key.layout.truth, key.rows);
  const teams = sources.flatMap((source) => {
    const read = labels.get(nameOf(source));
    return read ? [{ source, ...read }] : [];
  });
  const counting = Uint32Array.from(usage.keys()).filter((row) => usage[row] !== USAGE.ignored);
  const answers: Answers = { truth, rows: counting, teams };
  const hard = hardestRows(answers, primary.k, mostListed);
  await pause();
  const ascending = hard.map(({ row }) => row).toSorted((a, b) => a - b);
  const ids = new Map(idsOfRows(key, ascending).map((id, index) => [ascending[index], id]));
  const name = (label: number | undefined) => names[label ?? 0] ?? '';
  const confused = confusions(answers, mostListed);
  await pause();
  const comparedPairs = (teams.length * (teams.length - 1)) / 2;
  const compared = evenly(counting, Math.floor(mostComparisons / Math.max(comparedPairs, 1)));
  return {
    phase,
    metric: primary.metric,
    teams: teams.length,
    of,
    rows: counting.length,
    hardest: hard.map(({ row, right, mistake }) => ({
      id: ids.get(row) ?? '',
      truth: name(truth[row]),
      right,
      mistake: mistake ? { label: name(mistake.label), count: mistake.count } : null,
    })),
    confusions: confused.map((pair) => ({ ...pair, truth: name(pair.truth), predicted: name(pair.predicted) })),
    pairs: await agreeingPairs(
      { ...answers, rows: compared },
      teams.map(({ source }) => source),
    ),
    comparedPairs,
    comparedRows: compared.length,
  };
}

/** Every pair, the requests of others being answered in between. */
async function agreeingPairs(answers: Answers, sources: readonly PredictionsSource[]): Promise<AgreeingPair[]> {
  const compare = createComparison(answers);
  const pairs = (sources.length * (sources.length - 1)) / 2;
  const found: AgreeingPair[] = [];
  for (const [index, a] of sources.entries()) {
    await pause();
    for (const [offset, b] of sources.slice(index + 1).entries()) {
      const agreement = compare(index, index + 1 + offset);
      const chance = Math.min(1, agreement.chance * pairs);
      if (chance < threshold) found.push({ ...agreement, a: teamOf(a), b: teamOf(b), chance });
    }
  }
  return found.toSorted((a, b) => a.chance - b.chance || b.same - a.same).slice(0, mostListed);
}

function teamOf({ team, submissionId }: PredictionsSource) {
  return { team, submissionId };
}
