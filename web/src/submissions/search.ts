import { z } from 'zod';
import { MetricName } from '../../../core/contract/scores.ts';
import { SubmissionState } from '../../../core/contract/submissions.ts';

export const Sort = z.enum(['newest', 'oldest', 'best']);
export type Sort = z.infer<typeof Sort>;

/** What the address says about the list of submissions. */
export const SubmissionsSearch = z.object({
  state: SubmissionState.optional().catch(undefined),
  sort: Sort.optional().catch(undefined),
  by: MetricName.optional().catch(undefined),
});

const Id = z.number().int().min(1).max(2_147_483_647).optional().catch(undefined);

/** Which two submissions are compared. */
export const CompareSearch = z.object({ a: Id, b: Id });
