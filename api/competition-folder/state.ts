import { z } from 'zod';
import type { FolderState } from '../../core/contract/competition-folder.ts';
import { folderSettings } from '../../core/contract/competition-folder.ts';
import { GradeScheme } from '../../core/contract/grade-scheme.ts';
import { phaseSettings } from '../../core/contract/phases.ts';
import { rows, type Queryable } from '../../core/db/sql.ts';
import type { Access } from '../competitions/access.ts';
import { customMetricOf } from '../competitions/custom-metric.ts';
import { competitionView } from '../competitions/view.ts';

const PhaseSettings = z.object(phaseSettings);

/** All of a competition that a folder holds. For staff: it names what students don't hear of. */
export async function folderState(db: Queryable, granted: Access, now: Date): Promise<FolderState> {
  const { competition } = granted;
  const view = competitionView(granted, now, new Map());
  const metric = customMetricOf(competition);
  const schemes = new Map((await readSchemes(db, competition.id)).map((kept) => [kept.phase, kept]));
  return {
    settings: folderSettings.parse({ ...view, classes: competition.classes }),
    description: view.description,
    published: view.publishedAt !== null,
    customMetric: metric && { fileName: metric.fileName, higherIsBetter: metric.higherIsBetter, sha256: metric.hash },
    phases: view.phases.map((phase) => ({
      slug: phase.slug,
      title: phase.title,
      settings: PhaseSettings.parse(phase),
      answerKey: phase.answerKey?.version ?? null,
      gradeScheme: schemes.get(phase.slug)?.scheme ?? null,
      gradeSchemeVersion: schemes.get(phase.slug)?.version ?? 0,
    })),
    data: view.files.map(({ name, hidden = false, phase, sha256 }) => ({
      name,
      hidden,
      sha256,
      ...(phase !== undefined && { phase }),
    })),
    baselines: await readBaselines(db, competition.id),
  };
}

const Scheme = z.object({ phase: z.string(), version: z.number().int(), scheme: GradeScheme });

async function readSchemes(db: Queryable, competitionId: number) {
  return await rows(
    db,
    Scheme,
    `select phase.slug as phase, version, scheme
     from grade_scheme
     join phase on phase.id = phase_id
     where competition_id = $1`,
    [competitionId],
  );
}

const Baseline = z.object({
  name: z.string(),
  phase: z.string(),
  part: z.string().nullable(),
  fileName: z.string(),
  sha256: z.string(),
});

/** The last file of each line, whether or not it is scored yet. */
async function readBaselines(db: Queryable, competitionId: number): Promise<FolderState['baselines']> {
  const found = await rows(
    db,
    Baseline,
    `select name, phase, part, "fileName", sha256
     from (
       select distinct on (phase.id, team.id, part)
              team.pseudonym as name,
              phase.slug as phase,
              phase.position,
              part,
              submission.id,
              file_name as "fileName",
              file_hash as sha256
       from submission
       join team on team.id = team_id and team.kind = 'baseline'
       join phase on phase.id = phase_id
       where team.competition_id = $1 and state <> 'cancelled'
       order by phase.id, team.id, part, received_at desc, submission.id desc
     ) as latest
     order by position, id`,
    [competitionId],
  );
  return found.map(({ part, ...baseline }) => ({ ...baseline, ...(part !== null && { part }) }));
}
