import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { addPhase, createCompetition, editCompetition, putAnswerKey } from '../../core/contract/competitions.ts';
import { baseName, noticesOf, type Step } from '../../core/competition-folder/plan.ts';
import type { Principal } from '../auth/principals.ts';
import { accessChanged } from '../access-changed.ts';
import { access, type Access } from '../competitions/access.ts';
import { replaceAnswerKey } from '../competitions/answer-key.ts';
import type { FullPhase } from '../competitions/cache.ts';
import { changeCompetition } from '../competitions/change.ts';
import { maxMetricBytes, replaceMetric, requireMetric } from '../competitions/custom-metric.ts';
import { putFiles } from '../competitions/files.ts';
import { makeCompetition, makePhase } from '../competitions/make.ts';
import { choosePhase } from '../competitions/phases.ts';
import { publish } from '../competitions/publish.ts';
import { AppError } from '../errors.ts';
import { replaceScheme } from '../grades/scheme.ts';
import type { ReceivedFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { submitBaseline } from '../submissions/baselines.ts';
import type { UnpackedFolder } from './unpack.ts';

interface Performing {
  readonly by: Principal;
  readonly courseId: number;
  readonly folder: UnpackedFolder;
  readonly receivedAt: Date;
}

/**
 * Does a step of a push as the API's own endpoint for it does, with all of its rules and its entry in the log.
 * @returns what to look at
 */
export async function perform(services: Services, performing: Performing, step: Step): Promise<readonly string[]> {
  const { by, courseId, folder, receivedAt } = performing;
  const { slug } = folder.file;
  if (step.kind === 'create') {
    await makeCompetition(services, by, courseId, createCompetition.schema.body.parse(step.body));
    return [];
  }
  const granted = await access(services, by, slug, 'instructor');
  const { competition } = granted;
  const file = async (path: string, maxBytes: number) => await take(services, folder, path, maxBytes);
  const { maxUploadBytes } = services.config;
  switch (step.kind) {
    case 'edit': {
      const body = editCompetition.schema.body.parse(step.body);
      await changeCompetition(services, by, { competition, phase: phaseOf(granted, step.phase) }, body);
      return [];
    }
    case 'add-phase':
      await makePhase(services, by, competition, addPhase.schema.body.parse(step.body));
      return [];
    case 'metric': {
      const { name, blob } = await file(step.file, maxMetricBytes);
      requireMetric(await readFile(services.blobs.path(blob.hash)));
      const metric = { hash: blob.hash, fileName: name, higherIsBetter: step.higherIsBetter };
      await replaceMetric(services, by, competition, metric);
      return [];
    }
    case 'data': {
      const files = [await file(step.file, maxUploadBytes)];
      const answer = await putFiles(services, by, competition, { files, hidden: step.hidden, phase: step.phase });
      accessChanged(services);
      return noticesOf({ notices: answer.notices });
    }
    case 'answer-key': {
      const { hash } = (await file(step.file, maxUploadBytes)).blob;
      const phase = phaseOf(granted, step.phase);
      const action = putAnswerKey.schema.operationId;
      return noticesOf(
        await replaceAnswerKey(services, { competition, phase, hash, userId: by.userId, rescore: false, action }),
      );
    }
    case 'scheme': {
      const target = { competition, phase: phaseOf(granted, step.phase) };
      await replaceScheme(services.db, by, target, { version: step.version, scheme: step.scheme });
      return [];
    }
    case 'baseline':
      await submitBaseline(
        services,
        { ...granted, phase: phaseOf(granted, step.phase) },
        {
          principal: by,
          file: await file(step.file, competition.maxFileBytes),
          receivedAt,
          name: step.name,
          part: step.part,
        },
      );
      return [];
    case 'publish':
      await publish(services, by, competition);
      accessChanged(services);
      return [];
  }
}

function phaseOf({ competition }: Access, slug: string): FullPhase {
  return choosePhase(competition, new Date(), slug);
}

/** Puts an unpacked file where files stay. */
async function take(
  { blobs }: Services,
  { files }: UnpackedFolder,
  path: string,
  maxBytes: number,
): Promise<ReceivedFile> {
  const file = files.get(path);
  if (file === undefined) throw new Error(`${path} was not unpacked`);
  const stored = await blobs.put(createReadStream(file.path, { highWaterMark: 1 << 20 }), maxBytes);
  if (stored.kind === 'too-large')
    throw new AppError(
      'file-too-large',
      `It is larger than the ${maxBytes.toLocaleString('en-US')} bytes that are taken.`,
    );
  return { blob: stored.blob, name: baseName(path) };
}
