import { z } from 'zod';

/** What the page of the log is narrowed down to, as its address has it; what makes no sense is left out. */
export const AuditSearch = z.object({
  text: z.string().max(200).optional().catch(undefined),
  action: z.string().max(100).optional().catch(undefined),
  actor: z.number().int().min(1).optional().catch(undefined),
  from: z.iso.date().optional().catch(undefined),
  to: z.iso.date().optional().catch(undefined),
});
export type AuditSearch = z.infer<typeof AuditSearch>;
