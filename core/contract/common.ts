import { z } from 'zod';

/** ISO 8601 in UTC, as `Date.prototype.toISOString` writes it. */
export const Instant = z.iso.datetime().describe('ISO 8601, UTC');

/** A time that a person or a program gives; any offset is understood. */
export const InstantInput = z.iso
  .datetime({ offset: true, error: 'must be a time with its offset, such as 2026-12-01T23:59:00-05:00' })
  .describe('ISO 8601 with an offset, such as 2026-12-01T23:59:00-05:00');

export const Slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, at most 63')
  .describe('The name in URLs');

export const Id = z.coerce.number().int().min(1).max(2_147_483_647);

export const CourseParams = z.object({ course: Slug });
export const CompetitionParams = z.object({ slug: Slug });
export const SubmissionParams = z.object({ id: Id });

/** Which phase is meant; without it the one that is open now, else the one that closed last, else the first. */
export const PhaseQuery = z.object({ phase: Slug.optional().describe('The phase; without it the current one') });

/** A page of a list: `nextCursor` is given back as `cursor`; absent on the last page. */
export const nextCursor = z.string().optional();

export const Empty = z.null();
