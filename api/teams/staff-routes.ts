import * as contract from '../../core/contract/team-staff.ts';
import { principalOf } from '../auth/guard.ts';
import { access } from '../competitions/access.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { changeTeams } from './change.ts';
import { mergeByStaff, move, readTeams } from './staff.ts';

/** What staff see of teams, and change. */
export function teamStaffRoutes(app: App, services: Services): void {
  const { pool } = services.db;

  app.route({
    ...contract.listTeams,
    handler: async (request) => {
      const { competition } = await access(services, principalOf(request), request.params.slug, 'ta');
      return await readTeams(pool, competition);
    },
  });

  app.route({
    ...contract.moveStudent,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'ta');
      await changeTeams(services, competition, async (change) => {
        await move(change, principal, competition, request.body);
      });
      return await readTeams(pool, competition);
    },
  });

  app.route({
    ...contract.mergeTeams,
    handler: async (request) => {
      const principal = principalOf(request);
      const { competition } = await access(services, principal, request.params.slug, 'ta');
      await changeTeams(services, competition, async (change) => {
        await mergeByStaff(change, principal, competition, request.body);
      });
      return await readTeams(pool, competition);
    },
  });
}
