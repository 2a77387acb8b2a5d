import type { Principal } from '../auth/principals.ts';
import { roleIn } from '../auth/guard.ts';
import { access, type Access } from '../competitions/access.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';

/**
 * As `access`, by a slug or a URL that ends in one. Who is not enrolled is told so, as this protocol wants: that there is a competition of this name,
 * and nothing else of it.
 * @throws AppError validation-failed, forbidden or not-found
 */
export async function accessNamed(services: Services, principal: Principal, name: string): Promise<Access> {
  const slug = slugOf(name);
  const competition = await services.competitions.find(slug);
  if (competition && competition.publishedAt !== null && !roleIn(principal, competition.courseId))
    throw new AppError(
      'forbidden',
      `You are not enrolled in the course of "${slug}". Join it on the web with its code, or ask its staff to add you.`,
    );
  return await access(services, principal, slug, 'student');
}

/** @throws AppError validation-failed */
export function slugOf(name: string): string {
  const last = name
    .replace(/[?#].*$/s, '')
    .split('/')
    .findLast((part) => part !== '');
  const slug = last?.toLowerCase() ?? '';
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)) return slug;
  throw new AppError(
    'validation-failed',
    slug === ''
      ? 'Say which competition you mean: -c NAME. "kaggle competitions list" shows yours.'
      : 'A competition’s name is of lower-case letters, digits and hyphens. "kaggle competitions list" shows yours.',
  );
}
