import type { RunLimits } from '../../core/contract/runs.ts';

/**
 * Limits as a machine can set them. More CPUs than it has are as many as it has: a limit, not a promise. Memory that it has not got would be taken from
 * everything else on it, so that is refused.
 * @throws a sentence for staff
 */
export function fitToMachine(limits: RunLimits, machine: { cpus: number; memoryBytes: number }): RunLimits {
  const memoryMiB = Math.floor(machine.memoryBytes / 2 ** 20);
  if (limits.memoryMiB > memoryMiB) {
    throw new Error(
      `the phase gives its runs ${limits.memoryMiB} MiB of memory and this worker’s machine has ${memoryMiB} MiB: lower limits.memoryMiB, or run a worker on a larger machine`,
    );
  }
  return limits.cpus > machine.cpus ? { ...limits, cpus: machine.cpus } : limits;
}
