import { z } from 'zod';
import { Part } from '../../core/contract/counting.ts';
import type { Prisma } from '../../core/db/generated/client.ts';
import { AppError, notFound } from '../errors.ts';
import type { FullPhase } from './cache.ts';

const Parts = z.array(Part);

export function partsOf({ parts }: Pick<FullPhase, 'parts'>): Part[] {
  return Parts.parse(parts);
}

/** @throws not-found where the phase has no part of that name */
export function requirePart(phase: FullPhase, slug: string): Part {
  const part = partsOf(phase).find((each) => each.slug === slug);
  if (part === undefined) throw notFound(`part "${slug}" of "${phase.title}"`);
  return part;
}

/**
 * The part that a submission is for; null where the phase has none.
 * @throws validation-failed where one has to be named and is not, or is none of the phase's
 */
export function choosePart(phase: FullPhase, wanted: string | undefined, isNeeded: boolean): string | null {
  const parts = partsOf(phase);
  const named = wanted === undefined || wanted === '' ? undefined : wanted;
  if (named === undefined && (!isNeeded || parts.length === 0)) return null;
  if (named !== undefined && parts.some(({ slug }) => slug === named)) return named;
  if (parts.length === 0)
    throw new AppError('validation-failed', `"${phase.title}" has no parts. Leave "part" out, and send it again.`);
  const choice = parts.map(({ slug, title }) => `${slug} (${title})`).join(', ');
  const problem = named === undefined ? 'Say which part this is for' : `"${phase.title}" has no part "${named}"`;
  throw new AppError('validation-failed', `${problem}: send the field "part", or ?part=, with one of: ${choice}.`, {
    errors: [{ path: 'part', message: 'must be one of the parts of the phase' }],
  });
}

/** What is submitted for a part stays there: refuses parts that lack one with submissions. */
export async function requirePartsKept(
  tx: Prisma.TransactionClient,
  phaseId: number,
  parts: readonly Part[],
): Promise<void> {
  const kept = parts.map(({ slug }) => slug);
  const lost = await tx.submission.findFirst({
    where: { phaseId, part: { not: null, notIn: kept } },
    select: { part: true },
  });
  if (lost === null) return;
  throw new AppError(
    'conflict',
    `There are submissions for the part "${lost.part}", so it can’t be taken away. Its title can be changed.`,
  );
}
