import { listImages } from '../../core/contract/images.ts';
import { atLeast, principalOf } from '../auth/guard.ts';
import { AppError } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { Services } from '../services.ts';

export function imageRoutes(app: App, { db }: Services): void {
  app.route({
    ...listImages,
    handler: async (request) => {
      const { isAdmin, roles } = principalOf(request);
      if (!isAdmin && !roles.some(({ role }) => atLeast(role, 'ta')))
        throw new AppError('forbidden', 'Only TAs and instructors may see the images that code runs in.');
      const images = await db.prisma.graderImage.findMany({ orderBy: [{ createdAt: 'desc' }, { digest: 'asc' }] });
      return {
        images: images.map(({ name, digest, bytes, createdAt }) => ({
          name,
          digest,
          bytes: Number(bytes),
          registeredAt: createdAt.toISOString(),
        })),
      };
    },
  });
}
