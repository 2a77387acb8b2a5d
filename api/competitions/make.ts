import type { z } from 'zod';
import type { addPhase, createCompetition } from '../../core/contract/competitions.ts';
import { accessChanged } from '../access-changed.ts';
import type { Actor } from '../audit/record.ts';
import type { Services } from '../services.ts';
import type { FullCompetition } from './cache.ts';
import { insertCompetition, insertPhase } from './edit.ts';
import { pinImages } from './images.ts';

/** Makes a competition with one phase, which students don't see yet. */
export async function makeCompetition(
  services: Services,
  by: Actor,
  courseId: number,
  input: z.output<typeof createCompetition.schema.body>,
): Promise<void> {
  const id = await insertCompetition(services.db.prisma, by, courseId, input, services.config.maxUploadBytes);
  await pinImages(services.db.pool, id);
  accessChanged(services);
}

/** Adds a phase after the others. */
export async function makePhase(
  services: Services,
  by: Actor,
  competition: FullCompetition,
  input: z.output<typeof addPhase.schema.body>,
): Promise<void> {
  await insertPhase(services.db.prisma, by, competition, input);
  await pinImages(services.db.pool, competition.id);
  accessChanged(services);
}
