import { FileName, type DataFile } from '../../core/contract/competitions.ts';
import { addFiles, deleteFile } from '../../core/contract/files.ts';
import { isCustomOnly } from '../../core/contract/scores.ts';
import { accessChanged } from '../access-changed.ts';
import { recordAct, type Actor } from '../audit/record.ts';
import { AppError, notFound } from '../errors.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { requireCompiles, sampleName } from './answer-key.ts';
import type { FullCompetition } from './cache.ts';
import { labelSigns } from './label-signs.ts';
import { acceptsCode, runSettingsOf } from './run-settings.ts';
import { fileView } from './view.ts';

interface NewFiles {
  readonly files: readonly ReceivedFile[];
  /** Only graded runs see them. Undefined: a new one is public, one that is there stays what it is. */
  readonly hidden: boolean | undefined;
  /** The slug of the phase whose runs read them, or `all`. Undefined: a new one is for all, one that is there stays what it is. */
  readonly phase: string | undefined;
}

/**
 * Adds or replaces data files, all or none. A sample submission must hold the ids of the answer keys that are there; an answer key is refused.
 * @returns what staff should look at
 */
export async function putFiles(
  services: Services,
  by: Actor,
  competition: FullCompetition,
  { files, hidden, phase }: NewFiles,
): Promise<{ files: DataFile[]; notices: string[] }> {
  if (files.length === 0)
    throw new AppError('file-missing', 'Send at least one file: curl -F file=@train.csv -F file=@test.csv …');
  for (const { name } of files) requireName(name, hidden, phase);
  const phaseId = phaseIdOf(competition, phase);
  await requireNoKeys(services, competition.id, files);
  const sample = files.find((file) => file.name === sampleName);
  if (sample) await requireSampleFits(services, competition, sample.blob.hash);
  const stored = await storeFiles(services, by, competition, { files, hidden, phaseId });
  const suspects = files.filter(({ name }) => stored.some((file) => file.hidden && file.name === name));
  const notices = await Promise.all(suspects.map(async (file) => await labelSigns(services.blobs, file)));
  const told = suspects.length > 0 ? openLogs(competition) : [];
  return { files: stored.map((file) => fileView(competition, file)), notices: [...notices.flat(), ...told] };
}

function phaseIdOf({ phases }: FullCompetition, wanted: string | undefined): number | null | undefined {
  if (wanted === undefined) return undefined;
  const phase = phases.find(({ slug }) => slug === wanted);
  if (phase) return phase.id;
  if (wanted === 'all') return null;
  throw notFound(`phase "${wanted}"`);
}

async function storeFiles(
  { db }: Services,
  by: Actor,
  { id: competitionId, courseId, slug }: FullCompetition,
  { files, hidden, phaseId }: Pick<NewFiles, 'files' | 'hidden'> & { phaseId: number | null | undefined },
): Promise<DataFileRow[]> {
  return await db.prisma.$transaction(async (tx) => {
    const names = files.map(({ name }) => name);
    const before = await tx.dataFile.findMany({ where: { competitionId, name: { in: names } } });
    const stored: DataFileRow[] = [];
    for (const { name, blob } of files) {
      const content = {
        hash: blob.hash,
        bytes: blob.bytes,
        ...(hidden !== undefined && { hidden }),
        ...(phaseId !== undefined && { phaseId }),
      };
      const file = await tx.dataFile.upsert({
        where: { competitionId_name: { competitionId, name } },
        create: { competitionId, name, ...content },
        // Its new age tells clients that keep a copy to fetch it again.
        update: { ...content, createdAt: new Date() },
      });
      stored.push(file);
    }
    await recordAct(tx, by, {
      courseId,
      action: addFiles.schema.operationId,
      subject: `competition ${slug}: ${names.join(', ')}`,
      ...(before.length > 0 && { before: factsOf(before) }),
      after: factsOf(stored),
    });
    return stored;
  });
}

/**
 * Takes a data file away.
 * @throws not-found where there is none of that name
 */
export async function removeFile(
  services: Services,
  by: Actor,
  { id: competitionId, courseId, slug }: FullCompetition,
  name: string,
): Promise<void> {
  await services.db.prisma.$transaction(async (tx) => {
    const file = await tx.dataFile.findUnique({ where: { competitionId_name: { competitionId, name } } });
    const { count } = await tx.dataFile.deleteMany({ where: { competitionId, name } });
    if (count === 0 || !file) throw notFound(`file "${name}"`);
    await recordAct(tx, by, {
      courseId,
      action: deleteFile.schema.operationId,
      subject: `competition ${slug}: ${name}`,
      before: factsOf([file]),
    });
  });
  accessChanged(services);
}

type DataFileRow = FullCompetition['files'][number];

/** By name, as the audit log has it. */
function factsOf(files: readonly DataFileRow[]) {
  return Object.fromEntries(
    files.map(({ name, bytes, hash, hidden, phaseId }) => [name, { bytes, sha256: hash, hidden, phaseId }]),
  );
}

function requireName(name: string, hidden: boolean | undefined, phase: string | undefined): void {
  if (!FileName.safeParse(name).success)
    throw new AppError(
      'validation-failed',
      `"${name}" can’t be a data file’s name: use letters, digits, dots, hyphens and underscores.`,
    );
  if (hidden === true && name === sampleName)
    throw new AppError('validation-failed', `${sampleName} says what is to be predicted: it can’t be hidden.`);
  if (phase !== undefined && phase !== 'all' && name === sampleName)
    throw new AppError('validation-failed', `${sampleName} is for all phases.`);
}

/** What programs print, students see unless it is said otherwise, and so all that programs can read. */
function openLogs({ phases }: FullCompetition): string[] {
  const open = phases.filter((phase) => acceptsCode(phase.accepts) && runSettingsOf(phase)?.showLog === 'all');
  return open.map(
    ({ title }) =>
      `"${title}" shows students all that their programs print and write, and these can read hidden files: set runSettings.showLog to tail or none to keep them hidden.`,
  );
}

/** Labels and students' code never meet: no file of data, hidden or not, is an answer key. */
async function requireNoKeys(services: Services, competitionId: number, files: readonly ReceivedFile[]): Promise<void> {
  const hashes = files.map(({ blob }) => blob.hash);
  const key = await services.db.prisma.answerKey.findFirst({
    where: { hash: { in: hashes }, phase: { competitionId } },
  });
  const found = files.find(({ blob }) => blob.hash === key?.hash);
  if (found)
    throw new AppError(
      'conflict',
      `${found.name} is the answer key of this competition. Nothing was added: students could read it.`,
    );
}

async function requireSampleFits(services: Services, competition: FullCompetition, sampleHash: string): Promise<void> {
  if (isCustomOnly(competition.metrics)) return;
  for (const phase of competition.phases) {
    if (!phase.answerKey) continue;
    await requireCompiles(
      services,
      { keyHash: phase.answerKey.hash, sampleHash, classes: competition.classes, targets: 'label' },
      `${sampleName} does not fit the answer key of "${phase.title}"`,
    );
  }
}
