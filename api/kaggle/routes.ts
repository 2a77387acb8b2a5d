import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { kaggleHello, kaggleIntrospectToken } from '../../core/contract/kaggle.ts';
import { principalOf } from '../auth/guard.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { takeUploads } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { kaggleBoardRoutes } from './boards.ts';
import { kaggleCompetitionRoutes } from './competitions.ts';
import { failAsKaggle } from './errors.ts';
import { kaggleFileRoutes, kaggleLinkRoutes } from './files.ts';
import { guardKaggle } from './guard.ts';
import { kaggleSubmissionRoutes } from './submissions.ts';
import { introspect } from './tokens.ts';
import { kaggleSubmitRoutes, kaggleUploadRoutes } from './uploads.ts';

/** The protocol of the unmodified `kaggle` command, over the functions that our own API calls (docs/kaggle.md). */
export async function kaggleRoutes(app: FastifyInstance, services: Services): Promise<void> {
  failAsKaggle(app);
  await app.register(async (scope) => {
    const typed = scope.withTypeProvider<ZodTypeProvider>();
    openRoutes(typed, services);
    kaggleLinkRoutes(typed, services);
  });
  await app.register(async (scope) => {
    guardKaggle(scope, services.principals);
    const typed = scope.withTypeProvider<ZodTypeProvider>();
    typed.route({ ...kaggleHello, handler: (request) => ({ userName: principalOf(request).email }) });
    kaggleCompetitionRoutes(typed, services);
    kaggleFileRoutes(typed, services);
    kaggleSubmitRoutes(typed, services);
    kaggleSubmissionRoutes(typed, services);
    kaggleBoardRoutes(typed, services);
  });
  await app.register(async (scope) => {
    await takeUploads(scope);
    kaggleUploadRoutes(scope.withTypeProvider<ZodTypeProvider>(), services);
  });
}

function openRoutes(app: App, services: Services): void {
  app.route({
    ...kaggleIntrospectToken,
    handler: async (request) => await introspect(services, request.body.token),
  });

  app.post<{ Params: { service: string; method: string } }>(
    '/api/v1/:service(^[\\w.]+Service$)/:method',
    { schema: { hide: true } },
    (request) => {
      const { service, method } = request.params;
      if (method === 'CreateCodeSubmission')
        throw new AppError(
          'validation-failed',
          'Notebooks of Kaggle can’t be submitted here. Where a competition takes code, send the file itself: kaggle competitions submit -c NAME -f main.py (or main.ipynb, or a .zip) -m MESSAGE.',
        );
      throw new AppError('not-found', `${service}/${method} is not supported by this server`);
    },
  );
}
