import { getOperations } from '../../core/contract/operations.ts';
import { principalOf } from '../auth/guard.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';
import { readOperations } from './read.ts';

/** For whoever runs the server. */
export function operatorRoutes(app: App, services: Services): void {
  app.route({
    ...getOperations,
    handler: async (request) => {
      if (!principalOf(request).isAdmin) throw new AppError('forbidden', 'Only a site admin sees how the server goes.');
      return await readOperations(services);
    },
  });
}
