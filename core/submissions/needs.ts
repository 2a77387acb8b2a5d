/** SQL: what running code takes, by its phase's settings. @param runSettings the SQL of phase.run_settings */
export function codeNeeds(runSettings: string): string {
  return needsOf(`${runSettings} -> 'limits'`);
}

/** SQL: what a run takes. @param limits the SQL of its RunLimits */
export function needsOf(limits: string): string {
  return `case when (${limits} ->> 'gpus')::int > 0 then 'gpu' else 'cpu' end::submission_needs`;
}
