import type { JobState } from '../../../core/contract/operations.ts';
import type { SubmissionNeeds } from '../../../core/contract/runs.ts';

export const needsWords: Readonly<Record<SubmissionNeeds, string>> = { score: 'Scoring', cpu: 'CPU', gpu: 'GPU' };

export const stuckWords: Readonly<Record<NonNullable<JobState['stuck']>, string>> = {
  'lease-over': 'its worker is gone, and no other has taken it',
  'no-worker': 'no worker serves its queue',
  'no-image': 'its phase has no image: npm run images',
  long: 'it runs for longer than it may',
};
