import type { FolderChange, FolderUpload } from '../../core/contract/competition-folder.ts';
import { uploadCompetitionFolder } from '../../core/contract/competition-folder.ts';
import type { ProblemItem } from '../../core/contract/problems.ts';
import { errorAt, fileName } from '../../core/competition-folder/parse.ts';
import { changeText, planPush, type Step } from '../../core/competition-folder/plan.ts';
import type { Principal } from '../auth/principals.ts';
import { access } from '../competitions/access.ts';
import { AppError } from '../errors.ts';
import type { Services } from '../services.ts';
import { perform } from './perform.ts';
import { keepSource } from './source.ts';
import { folderState } from './state.ts';
import type { UnpackedFolder } from './unpack.ts';

interface Pushing {
  readonly by: Principal;
  readonly course: { readonly id: number; readonly slug: string };
  readonly folder: UnpackedFolder;
  readonly receivedAt: Date;
  readonly preview: boolean;
}

/**
 * Brings a competition in line with an unpacked folder, or only tells what that would change.
 * @throws the error of the step that is refused, which says what it was about; what was done before it stays
 */
export async function pushFolder(services: Services, pushing: Pushing): Promise<FolderUpload> {
  const { by, course, folder, receivedAt, preview } = pushing;
  const { slug } = folder.file;
  const planned = planPush(folder, await findState(services, pushing));
  const changes = planned.map(({ change }) => change);
  if (preview) return { slug, preview, changes, notices: [] };
  const done: FolderChange[] = [];
  const notices: string[] = [];
  for (const { step, change } of planned) {
    if (step === undefined) continue;
    const told = await perform(services, { by, courseId: course.id, folder, receivedAt }, step).catch(
      (error: unknown) => {
        throw atStep(error, { step, change, done, folder });
      },
    );
    done.push(change);
    notices.push(...told.map((notice) => `${change.what}: ${notice}`));
  }
  const action = uploadCompetitionFolder.schema.operationId;
  await keepSource(services, by, { slug, source: folder.source, action });
  return { slug, preview, changes, notices };
}

/** @throws conflict where another course has a competition of that name */
async function findState(services: Services, { by, course, folder }: Pushing) {
  const { slug } = folder.file;
  const found = await services.competitions.find(slug);
  if (found === undefined) return undefined;
  if (found.courseId !== course.id)
    throw new AppError('conflict', `There is already a competition "${slug}" on this server. Choose another slug.`);
  const granted = await access(services, by, slug, 'instructor');
  return await folderState(services.db.pool, granted, services.clock.now());
}

interface Broken {
  readonly step: Step;
  readonly change: FolderChange;
  readonly done: readonly FolderChange[];
  readonly folder: UnpackedFolder;
}

function atStep(error: unknown, { step, change, done, folder }: Broken): unknown {
  if (!(error instanceof AppError)) return error;
  const before =
    done.length === 0 ? 'Nothing was changed.' : `Done before it, and kept: ${done.map(changeText).join('; ')}.`;
  const errors = error.extra.errors?.map((item) => inFolder(item, step, folder));
  const extra = errors === undefined ? error.extra : { ...error.extra, errors };
  return new AppError(error.type, `${change.what}: ${error.message} ${before}`, extra);
}

/** What is said of a request's body is so of a line of competition.yaml. */
function inFolder(item: ProblemItem, step: Step, { source, file }: UnpackedFolder): ProblemItem {
  const [body, ...names] = item.path?.split('.') ?? [];
  if (body !== 'body' || names.length === 0) return item;
  const slug =
    step.kind === 'edit' || step.kind === 'scheme'
      ? step.phase
      : step.kind === 'add-phase'
        ? step.body['slug']
        : 'main';
  const index = file.phases.findIndex((phase) => phase.slug === slug);
  const [name = '', ...below] = names;
  const inPhase = step.kind === 'scheme' ? ['phases', index, 'gradeScheme', ...below] : ['phases', index, ...names];
  const at = name in file && step.kind !== 'scheme' ? names : inPhase;
  return { ...item, path: fileName, ...errorAt(source, at, item.message) };
}
