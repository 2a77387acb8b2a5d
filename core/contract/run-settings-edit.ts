import { z } from 'zod';
import { RunLimits, RunSettings } from './runs.ts';

const { shape: limits } = RunLimits;
const { shape: settings } = RunSettings;

/** Changes to `RunLimits`: what is not given stays. */
const RunLimitsEdit = z
  .strictObject({
    wallSeconds: limits.wallSeconds.unwrap(),
    cpus: limits.cpus.unwrap(),
    memoryMiB: limits.memoryMiB.unwrap(),
    shmMiB: limits.shmMiB.unwrap(),
    tmpMiB: limits.tmpMiB.unwrap(),
    outputMiB: limits.outputMiB.unwrap(),
    outputFiles: limits.outputFiles.unwrap(),
    logKiB: limits.logKiB.unwrap(),
    processes: limits.processes.unwrap(),
    gpus: limits.gpus.unwrap(),
  })
  .partial();

/** Changes to `RunSettings`: what is not given stays, or is the default in a phase that took no code so far. */
export const RunSettingsEdit = z
  .strictObject({
    image: settings.image.unwrap(),
    command: settings.command.unwrap(),
    output: settings.output.unwrap(),
    limits: RunLimitsEdit,
    cellSeconds: settings.cellSeconds.unwrap(),
    seed: settings.seed.unwrap(),
    showLog: settings.showLog.unwrap(),
  })
  .partial();
export type RunSettingsEdit = z.infer<typeof RunSettingsEdit>;
