/**
 * SQL of how a submission's code is run: by its phase's settings, or as an earlier attempt was, where staff ask for that. For statements that have
 * `phase` and this join.
 * @param submission the name of the submission's row there
 */
export function joinEarlierRun(submission: string): string {
  return `left join run earlier on earlier.submission_id = ${submission}.id and earlier.attempt = ${submission}.as_attempt`;
}

/** RunSettings, or null where the phase has none. What students see of it stays the phase's. */
export const settingsToRun = `case
  when earlier.attempt is null then phase.run_settings
  else coalesce(phase.run_settings, '{}') || jsonb_build_object(
    'image', earlier.image_name,
    'command', earlier.command,
    'output', earlier.output_name,
    'limits', earlier.limits,
    'cellSeconds', earlier.cell_seconds,
    'seed', earlier.seed
  )
end`;

/** Null where there is none yet. */
export const imageToRun = 'coalesce(earlier.image_digest, phase.image_digest)';

/** RunInput[]: the data files that its runs read. */
export const filesToRun = `coalesce(earlier.inputs, (
  select jsonb_agg(jsonb_build_object('name', name, 'hash', hash, 'bytes', bytes, 'hidden', hidden) order by name)
  from data_file
  where data_file.competition_id = phase.competition_id and (data_file.phase_id is null or data_file.phase_id = phase.id)
), '[]')`;
