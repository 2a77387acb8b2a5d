import { z } from 'zod';

/** What the Engine API says of a container that ran or runs. */
const State = z.object({
  Status: z.string(),
  Running: z.boolean(),
  OOMKilled: z.boolean(),
  ExitCode: z.number(),
  StartedAt: z.string(),
});
export const Inspection = z.object({ Id: z.string(), State });
export const Waited = z.object({ StatusCode: z.number(), Error: z.object({ Message: z.string() }).nullish() });
export const Stats = z.object({
  memory_stats: z.object({ usage: z.number().optional(), stats: z.record(z.string(), z.number()).optional() }),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
});
export const Info = z.object({
  NCPU: z.number(),
  MemTotal: z.number(),
  DefaultRuntime: z.string(),
  Runtimes: z.record(z.string(), z.looseObject({ path: z.string().optional() })),
});
/** The header in which the archive routes describe a path: base64 of JSON. */
export const PathStat = z.object({ size: z.number(), mtime: z.string() });
