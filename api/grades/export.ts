import type { GradesFormat } from '../../core/contract/grades.ts';
import type { Queryable } from '../../core/db/sql.ts';
import { gradesCsv } from '../../core/grades/exports.ts';
import { gradeAll } from './gradebook.ts';
import { getScheme } from './scheme.ts';
import type { Target } from './target.ts';

/**
 * A phase's grades as CSV.
 * @throws conflict where the phase has no scheme yet
 */
export async function exportCsv(
  db: Queryable,
  target: Target,
  { format, grades }: { format: GradesFormat; grades: 'current' | 'released' },
): Promise<string> {
  const { competition, phase } = target;
  const { scheme } = await getScheme(db, target);
  const rows = await gradeAll(db, phase.id, scheme);
  return gradesCsv(format, {
    title: competition.phases.length > 1 ? `${competition.title}: ${phase.title}` : competition.title,
    phaseId: phase.id,
    scheme,
    students: rows.map(({ released, grade, team, ...row }) => ({
      ...row,
      username: row.username || row.email,
      team: team ?? '',
      grade: grades === 'current' ? grade : released?.grade,
    })),
  });
}
