import { atLeast, roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { notFound } from '../errors.ts';
import type { Services } from '../services.ts';
import { requireSubmission } from './submit.ts';
import { findTeam } from './teams.ts';

/**
 * A submission and the principal's role in its course.
 * @throws not-found for who is neither in its team nor staff
 */
export async function accessSubmission(services: Services, principal: Principal, id: number) {
  const row = await requireSubmission(services, id);
  const role = roleIn(principal, row.courseId);
  const isStaff = role !== undefined && atLeast(role, 'ta');
  if (!role || !(isStaff || (await findTeam(services.db, row.competitionId, principal.userId)) === row.teamId))
    throw notFound(`submission ${id}`);
  return { row, role, isStaff };
}
