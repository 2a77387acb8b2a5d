import { z } from 'zod';
import { Slug } from '../../../core/contract/common.ts';
import { QueueKind } from '../../../core/contract/staff-queue.ts';

/** What the queue is narrowed down to, as its address has it; what makes no sense is left out. */
export const QueueSearch = z.object({
  kind: QueueKind.optional().catch(undefined),
  competition: Slug.optional().catch(undefined),
});
export type QueueSearch = z.infer<typeof QueueSearch>;
