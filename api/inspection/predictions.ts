import { z } from 'zod';
import { rows, type Queryable } from '../../core/db/sql.ts';
import type { Labelled } from '../../core/scoring-pool/pool.ts';
import { parseMetric } from '../../core/scoring/metrics.ts';
import { lastOutput } from '../../core/submissions/runs.ts';
import type { Services } from '../services.ts';

const Source = z.object({
  submissionId: z.number().int(),
  attempt: z.number().int(),
  teamId: z.number().int(),
  team: z.string(),
  /** Of the file that was scored, and of the key that it was scored with. */
  fileHash: z.string(),
  keyHash: z.string(),
  sampleHash: z.string().nullable(),
  classes: z.array(z.string()),
  metrics: z.array(z.string()),
  maxFileBytes: z.number().int(),
});

/** Where the predictions of a scored submission lie, and what it takes to read them. */
export type PredictionsSource = z.output<typeof Source>;

/** Of these submissions those that were scored by a metric that counts rows, by id. */
export async function findPredictions(db: Queryable, ids: readonly number[]): Promise<PredictionsSource[]> {
  const found = await rows(
    db,
    Source,
    `select submission.id as "submissionId",
            submission.attempt,
            submission.team_id as "teamId",
            team.pseudonym as team,
            scored.hash as "fileHash",
            answer_key.hash as "keyHash",
            sample.hash as "sampleHash",
            competition.classes,
            competition.metrics,
            competition.max_file_bytes as "maxFileBytes"
     from submission
     join team on team.id = submission.team_id
     join phase on phase.id = submission.phase_id
     join competition on competition.id = phase.competition_id
     join answer_key on answer_key.id = submission.answer_key_id
     left join data_file sample on sample.competition_id = competition.id and sample.name = 'sample_submission.csv'
     cross join lateral (
       select case
                when submission.kind = 'predictions' then submission.file_hash
                else coalesce(submission.claimed_hash, ${lastOutput('submission.id')})
              end as hash
     ) as scored
     where submission.id = any($1) and submission.state = 'scored' and scored.hash is not null
     order by submission.id`,
    [ids],
  );
  return found.filter(({ metrics }) => primaryRank(metrics) !== undefined);
}

/** How many of the best labels the first metric that counts rows looks at; undefined where there is none. */
export function primaryRank(metrics: readonly string[]): { readonly metric: string; readonly k: number } | undefined {
  for (const metric of metrics) {
    const parsed = parseMetric(metric);
    if (parsed !== undefined) return { metric, k: parsed.k };
  }
  return undefined;
}

/**
 * The labels that a submission predicted, in a scoring thread.
 * @throws where its file can't be read as it was: it was scored once, so that is ours
 */
export async function readLabels({ scoring, blobs }: Services, source: PredictionsSource): Promise<Labelled> {
  const { fileHash, keyHash, sampleHash, classes, maxFileBytes, submissionId } = source;
  const answer = await scoring.labels({
    file: blobs.path(fileHash),
    keyFile: blobs.path(keyHash),
    keyHash,
    ...(sampleHash !== null && { sampleFile: blobs.path(sampleHash) }),
    ...(classes.length > 0 && { classes }),
    maxBytes: maxFileBytes,
  });
  if (answer.kind === 'labels') return answer;
  throw new Error(`submission ${submissionId} was scored and can’t be read: ${answer.report.errors[0]?.message}`);
}
