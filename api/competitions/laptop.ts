import type { RunSettings, SubmissionKind } from '../../core/contract/runs.ts';

/**
 * The line that runs code on a laptop as the graders do, in the folder that it lies in: the same image, limits and seed. What only graded runs see
 * is not in it.
 */
export function laptopCommand(
  { image, limits, seed, command }: RunSettings,
  accepts: readonly SubmissionKind[],
): string {
  // A command is for code alone, and starts in the folder of the output.
  const program = !accepts.includes('code')
    ? ['main.ipynb']
    : command.length === 0
      ? ['main.py']
      : command.map((part) => part.replaceAll('{entry}', '/topk/job/main.py'));
  return [
    'mkdir -p data out && docker run --rm --network none --user "$(id -u)"',
    ...(limits.gpus > 0 ? [`--gpus ${limits.gpus}`] : []),
    `--cpus ${limits.cpus} --memory ${limits.memoryMiB}m --shm-size ${limits.shmMiB}m`,
    `-e TOPK_SEED=${seed}`,
    '-v "$PWD:/topk/job:ro" -v "$PWD/data:/topk/data:ro" -v "$PWD/out:/topk/run/out"',
    `topk-${image}`,
    ...program.map(quoted),
  ].join(' ');
}

/** For a POSIX shell. */
function quoted(argument: string): string {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
