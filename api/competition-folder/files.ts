import { stat } from 'node:fs/promises';
import type { FolderState } from '../../core/contract/competition-folder.ts';
import { requireRole } from '../auth/guard.ts';
import type { Access } from '../competitions/access.ts';
import { notFound } from '../errors.ts';
import type { Services } from '../services.ts';

/** A file of a competition's folder, and whether students must not see it. */
interface FolderFile {
  readonly name: string;
  readonly secret: boolean;
}

/**
 * The file of a folder that has a hash.
 * @throws not-found for one that is none of the folder’s; forbidden for who may not see it
 */
export async function findFolderFile(
  { blobs }: Pick<Services, 'blobs'>,
  { competition, role }: Access,
  state: FolderState,
  hash: string,
) {
  const found = filesOf(state).get(hash);
  if (found === undefined) throw notFound(`file ${hash} in the folder of "${competition.slug}"`);
  requireRole(role, found.secret ? 'instructor' : 'ta');
  const { size, mtime } = await stat(blobs.path(hash));
  return { hash, bytes: size, name: found.name, modifiedAt: mtime };
}

/** By hash. Where the same bytes are secret and are not, what is open of them is open. */
function filesOf({ customMetric, phases, data, baselines }: FolderState): ReadonlyMap<string, FolderFile> {
  return new Map<string, FolderFile>([
    ...(customMetric ? [[customMetric.sha256, { name: customMetric.fileName, secret: true }] as const] : []),
    ...phases.flatMap(({ answerKey }) =>
      answerKey === null ? [] : [[answerKey, { name: 'solution.csv', secret: true }] as const],
    ),
    ...baselines.map(({ sha256, fileName }) => [sha256, { name: fileName, secret: true }] as const),
    ...data.filter(({ hidden }) => hidden).map(({ sha256, name }) => [sha256, { name, secret: true }] as const),
    ...data.filter(({ hidden }) => !hidden).map(({ sha256, name }) => [sha256, { name, secret: false }] as const),
  ]);
}
