import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { RunLimits } from '../../core/contract/runs.ts';
import { cleanLog } from '../../core/log-text.ts';
import type { InputSet, Outcome } from '../../worker/executor/executor.ts';
import { createDockerExecutor } from '../../worker/executor/sandbox.ts';
import { docker, imageDigest } from './docker.ts';

export interface Program {
  /** Path → contents. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Partial<RunLimits>;
  readonly data?: InputSet;
  readonly image?: 'python' | 'scorer';
}

export interface Ran {
  readonly outcome: Outcome;
  /** undefined where it did not end by itself. */
  readonly code: number | undefined;
  /** Cleaned, as people see it. */
  readonly log: string;
  /** Its last line that is not empty. */
  readonly last: string;
  /** Contents of the files that it wrote, of those that are ever asked for. */
  readonly files: ReadonlyMap<string, string>;
}

const asked = ['predictions.csv', 'executed.ipynb', 'result.json'];

/** Runs programs in the images, as a worker does. Close it. */
export async function openPrograms() {
  const worker = `programs-${randomBytes(4).toString('hex')}`;
  const log = pino({ level: 'silent' });
  const executor = await createDockerExecutor({ host: docker().host, installation: worker, worker, ready: 0, log });

  async function run({ files, command, env = {}, limits = {}, data, image = 'python' }: Program): Promise<Ran> {
    const scratch = await mkdtemp(join(tmpdir(), 'topk-program-'));
    try {
      const outcome = await executor.run(
        {
          name: `${worker}-${randomBytes(4).toString('hex')}`,
          labels: {},
          image: imageDigest(image),
          limits: RunLimits.parse({ wallSeconds: 300, memoryMiB: 1024, outputMiB: 16, logKiB: 256, ...limits }),
          gpus: [],
          inputs: data === undefined ? {} : { data },
          job: Object.entries(files).map(([path, content]) => ({ path, source: { content: Buffer.from(content) } })),
          command,
          env,
          outputs: asked.map((name) => ({ name, maxBytes: 16_000_000 })),
        },
        {},
        scratch,
        AbortSignal.timeout(500_000),
      );
      const text = cleanLog(outcome.log);
      const written = new Map<string, string>();
      for (const [name, file] of outcome.files) {
        if (file.kind === 'file') written.set(name, await readFile(file.file, 'utf8'));
      }
      const code = outcome.ending.kind === 'exited' ? outcome.ending.code : undefined;
      return { outcome, code, log: text, last: text.trimEnd().split('\n').at(-1) ?? '', files: written };
    } finally {
      await rm(scratch, { recursive: true });
    }
  }

  return { run, close: async () => await executor.close() };
}

export type Programs = Awaited<ReturnType<typeof openPrograms>>;
