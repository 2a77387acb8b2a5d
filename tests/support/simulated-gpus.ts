import type { Executor, ShellSpec } from '../../worker/executor/executor.ts';

/**
 * A sandbox for GPUs that are not there: runs take their turns on them, and Docker, which has none, is not asked for any. For a worker that is
 * started with `gpus` in its surroundings.
 */
export function withoutDevices(executor: Executor): Executor {
  const bare = <Spec extends ShellSpec>(spec: Spec): Spec => ({ ...spec, gpus: [] });
  return {
    runtime: executor.runtime,
    run: async (spec, watcher, scratch, signal) => await executor.run(bare(spec), watcher, scratch, signal),
    anticipate: async (spec) => await executor.anticipate(bare(spec)),
    sweep: async (isAlive) => await executor.sweep(isAlive),
    close: async () => await executor.close(),
  };
}
