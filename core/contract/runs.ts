import { z } from 'zod';
import { Instant, SubmissionParams } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { BoardScores } from './scores.ts';

export const SubmissionKind = z.enum(['predictions', 'code', 'notebook']);
export type SubmissionKind = z.infer<typeof SubmissionKind>;

/** The queues: what grading a submission takes. */
export const SubmissionNeeds = z.enum(['score', 'cpu', 'gpu']);
export type SubmissionNeeds = z.infer<typeof SubmissionNeeds>;

/** The bounds of one run. Everything a program can use up has one. */
export const RunLimits = z
  .object({
    wallSeconds: z.number().int().min(1).max(86_400).default(600).describe('From the start of the program'),
    cpus: z.number().min(0.1).max(256).default(1),
    memoryMiB: z.number().int().min(64).max(1_048_576).default(2048).describe('With /tmp, /dev/shm and the output'),
    shmMiB: z
      .number()
      .int()
      .min(1)
      .max(262_144)
      .default(256)
      .describe('/dev/shm, for PyTorch’s DataLoader; by default at most half the memory'),
    tmpMiB: z.number().int().min(1).max(262_144).default(512).describe('/tmp; by default at most half the memory'),
    outputMiB: z.number().int().min(1).max(65_536).default(200).describe('By default at most half the memory'),
    outputFiles: z.number().int().min(1).max(100_000).default(1000),
    logKiB: z.number().int().min(16).max(65_536).default(1024).describe('Beginning and end are kept, half each'),
    processes: z.number().int().min(8).max(256).default(128),
    gpus: z.number().int().min(0).max(16).default(0),
  })
  .meta({ id: 'RunLimits' });
export type RunLimits = z.infer<typeof RunLimits>;

/** How a phase runs code. */
export const RunSettings = z
  .object({
    image: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .default('python')
      .describe('A registered image'),
    command: z
      .array(z.string().max(1000))
      .max(50)
      .default([])
      .describe('Empty: the entry point; {entry} stands for it in an argument'),
    output: z
      .string()
      .regex(
        /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/,
        'must be a file name without folders, of letters, digits, ., _ and -',
      )
      .default('predictions.csv')
      .describe('The file that is scored, below the working directory'),
    limits: RunLimits.prefault({}),
    cellSeconds: z.number().int().min(1).max(86_400).nullable().default(null).describe('Per cell of a notebook'),
    seed: z.number().int().min(0).max(4_294_967_295).default(542),
    showLog: z
      .enum(['all', 'tail', 'none'])
      .default('all')
      .describe(
        'What students see of logs: all, the end alone (and neither notebook nor output), or nothing of the three',
      ),
  })
  .meta({ id: 'RunSettings' });
export type RunSettings = z.infer<typeof RunSettings>;

/** `t`: seconds since the program's start; memory in bytes; `cpu` and `gpu` in busy devices (1.5: one and a half). */
export const RunSample = z.object({
  t: z.number(),
  memory: z.number(),
  cpu: z.number(),
  gpu: z.number().optional(),
  gpuMemory: z.number().optional(),
});
export type RunSample = z.infer<typeof RunSample>;

export const RunEnding = z.enum(['exited', 'timed_out', 'out_of_memory', 'output_too_large', 'cancelled', 'broken']);
export type RunEnding = z.infer<typeof RunEnding>;

/** A data file that a run reads; `hash` names its contents, which are kept. */
export const RunInput = z.object({
  name: z.string(),
  hash: z.string().describe('SHA-256'),
  bytes: z.number().int(),
  hidden: z.boolean().describe('Only graded runs see it'),
});
export type RunInput = z.infer<typeof RunInput>;

const blob = z.object({ bytes: z.number().int(), sha256: z.string() });

export const Run = z
  .object({
    attempt: z.number().int(),
    verifying: z.boolean().describe('It only verifies predictions that were sent with the code'),
    stage: z.enum(['preparing', 'running', 'scoring', 'ended']),
    worker: z.string().optional().describe('For staff'),
    runtime: z.string(),
    image: z.object({ name: z.string(), digest: z.string() }),
    command: z.array(z.string()),
    limits: RunLimits,
    seed: z.number().int(),
    gpus: z.array(z.string()),
    outputName: z.string().optional().describe('The file that is scored'),
    cellSeconds: z.number().int().optional().describe('Per cell of a notebook'),
    inputs: z.array(RunInput).optional().describe('For staff; missing of a run from before they were kept'),
    answerKey: z.string().optional().describe('For staff: the version that was in force when it began'),
    receivedAt: Instant,
    claimedAt: Instant,
    preparedAt: Instant.optional(),
    startedAt: Instant.optional(),
    exitedAt: Instant.optional(),
    scoredAt: Instant.optional(),
    ending: RunEnding.optional(),
    exitCode: z.number().int().optional(),
    sentence: z.string().optional().describe('What happened'),
    fault: z.string().optional().describe('What broke, for staff'),
    peakMemoryBytes: z.number().optional(),
    cpuSeconds: z.number().optional(),
    gpuSeconds: z.number().optional(),
    samples: z.array(RunSample),
    log: blob.extend({ skipped: z.number().describe('Bytes left out between beginning and end') }).optional(),
    output: blob.optional(),
    notebook: blob.optional(),
    scores: z.object({ public: BoardScores, private: BoardScores.optional() }).optional(),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof Run>;

/** As part of a submission: without its curves. */
export const RunSummary = Run.omit({ samples: true }).meta({ id: 'RunSummary' });
export type RunSummary = z.infer<typeof RunSummary>;

const RunParams = SubmissionParams.extend({ attempt: z.coerce.number().int().min(1) });

export const listRuns = {
  method: 'GET',
  url: '/api/v1/submissions/:id/runs',
  schema: {
    operationId: 'listRuns',
    summary: 'The runs of a submission’s code, newest first',
    tags: ['Runs'],
    params: SubmissionParams,
    response: { 200: z.object({ runs: z.array(Run) }) },
  },
} as const satisfies Endpoint;

export const getRunLog = {
  method: 'GET',
  url: '/api/v1/submissions/:id/runs/:attempt/log',
  schema: {
    operationId: 'getRunLog',
    summary: 'What the program printed; beginning and end where it was too much',
    tags: ['Runs'],
    params: RunParams,
    produces: ['text/plain'],
    response: {},
  },
} as const satisfies Endpoint;

export const getRunOutput = {
  method: 'GET',
  url: '/api/v1/submissions/:id/runs/:attempt/output',
  schema: {
    operationId: 'getRunOutput',
    summary: 'The predictions that the program wrote',
    tags: ['Runs'],
    params: RunParams,
    produces: ['application/octet-stream'],
    response: {},
  },
} as const satisfies Endpoint;

export const getRunNotebook = {
  method: 'GET',
  url: '/api/v1/submissions/:id/runs/:attempt/notebook',
  schema: {
    operationId: 'getRunNotebook',
    summary: 'The executed notebook, as far as it came',
    tags: ['Runs'],
    params: RunParams,
    produces: ['application/x-ipynb+json'],
    response: {},
  },
} as const satisfies Endpoint;

export const runEvents = {
  method: 'GET',
  url: '/api/v1/submissions/:id/runs/events',
  schema: {
    operationId: 'runEvents',
    summary: 'The newest run as server-sent events',
    description:
      '`run` holds the run as JSON without its samples, `sample` one sample, `log` is { offset, text, skipped }: text as printed from that byte ' +
      'on, `skipped` bytes having been left out before it. Ends with the run. Last-Event-ID resumes the log.',
    tags: ['Runs'],
    params: SubmissionParams,
    produces: ['text/event-stream'],
    response: {},
  },
} as const satisfies Endpoint;
