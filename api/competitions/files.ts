import { FileName } from '../../core/contract/competitions.ts';
import { AppError } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { requireCompiles, sampleName } from './answer-key.ts';
import type { FullCompetition } from './cache.ts';

/** Adds or replaces data files, all or none. A sample submission must hold the ids of the answer keys that are there. */
export async function putFiles(
  services: Services,
  competition: FullCompetition,
  files: readonly ReceivedFile[],
): Promise<void> {
  if (files.length === 0)
    throw new AppError('file-missing', 'Send at least one file: curl -F file=@train.csv -F file=@test.csv …');
  for (const file of files) {
    if (!FileName.safeParse(file.name).success) {
      throw new AppError(
        'validation-failed',
        `"${file.name}" can’t be a data file’s name: use letters, digits, dots, hyphens and underscores.`,
      );
    }
  }
  const sample = files.find((file) => file.name === sampleName);
  if (sample) await requireSampleFits(services, competition, sample.blob.hash);
  await services.db.prisma.$transaction(
    files.map(({ name, blob }) =>
      services.db.prisma.dataFile.upsert({
        where: { competitionId_name: { competitionId: competition.id, name } },
        create: { competitionId: competition.id, name, hash: blob.hash, bytes: blob.bytes },
        update: { hash: blob.hash, bytes: blob.bytes },
      }),
    ),
  );
}

async function requireSampleFits(services: Services, competition: FullCompetition, sampleHash: string): Promise<void> {
  for (const phase of competition.phases) {
    if (!phase.answerKey) continue;
    await requireCompiles(
      services,
      { keyHash: phase.answerKey.hash, sampleHash, classes: competition.classes },
      `${sampleName} does not fit the answer key of "${phase.title}"`,
    );
  }
}
