import {
  kaggleDownloadDataFile,
  kaggleDownloadDataFiles,
  kaggleFile,
  kaggleListDataFiles,
  kaggleZip,
} from '../../core/contract/kaggle.ts';
import { principalOf } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { requireOpened } from '../competitions/access.ts';
import { visibleFiles } from '../competitions/view.ts';
import { AppError, notFound } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import { sendBlob, sendBytes } from '../http/send-blob.ts';
import type { Services } from '../services.ts';
import { accessNamed } from './access.ts';
import { tokenHashOf } from './guard.ts';
import { openLink, signLink } from './links.ts';
import { pageOf } from './paging.ts';
import { createSums, layOut } from './zip.ts';

/** The files of a competition, as who is allowed sees them. */
async function filesFor(services: Services, principal: Principal, competitionName: string) {
  const granted = await accessNamed(services, principal, competitionName);
  requireOpened(granted, services.clock.now());
  return { slug: granted.competition.slug, files: visibleFiles(granted) };
}

export function kaggleFileRoutes(app: App, services: Services): void {
  app.route({
    ...kaggleListDataFiles,
    handler: async (request) => {
      const { files } = await filesFor(services, principalOf(request), request.body.competitionName);
      const { items, nextPageToken } = pageOf(files, request.body, 20);
      return {
        files: items.map(({ name, bytes, createdAt }) => ({
          ref: '',
          name,
          description: '',
          totalBytes: bytes,
          url: '',
          creationDate: createdAt.toISOString(),
        })),
        nextPageToken,
      };
    },
  });

  app.route({
    ...kaggleDownloadDataFile,
    handler: async (request, reply) => {
      const { competitionName, fileName } = request.body;
      const { slug, files } = await filesFor(services, principalOf(request), competitionName);
      const file = files.find(({ name }) => name === fileName);
      if (!file) throw noSuchFile(fileName, files);
      return await reply.redirect(
        await signLink(services, tokenHashOf(request), { kind: 'file', slug, name: file.name }),
        302,
      );
    },
  });

  app.route({
    ...kaggleDownloadDataFiles,
    handler: async (request, reply) => {
      const { slug, files } = await filesFor(services, principalOf(request), request.body.competitionName);
      if (files.length === 0) throw new AppError('not-found', 'This competition has no files to download.');
      return await reply.redirect(
        await signLink(services, tokenHashOf(request), { kind: 'zip', slug, name: `${slug}.zip` }),
        302,
      );
    },
  });
}

/** Where the links lead: the link says who asks. */
export function kaggleLinkRoutes(app: App, services: Services): void {
  const { blobs } = services;
  const sumOf = createSums(blobs);

  app.route({
    ...kaggleFile,
    handler: async (request, reply) => {
      const { slug, token, name } = request.params;
      const principal = await openLink(services, token, { kind: 'file', slug, name });
      const { files } = await filesFor(services, principal, slug);
      const file = files.find((each) => each.name === name);
      if (!file) throw noSuchFile(name, files);
      const { hash, bytes, createdAt: modifiedAt } = file;
      return await sendBlob(request, reply, blobs, { hash, bytes, name, modifiedAt });
    },
  });

  app.route({
    ...kaggleZip,
    handler: async (request, reply) => {
      const { slug, token, name } = request.params;
      const principal = await openLink(services, token, { kind: 'zip', slug, name });
      const { files } = await filesFor(services, principal, slug);
      const members = files.map(({ createdAt: modifiedAt, ...file }) => ({ ...file, modifiedAt }));
      const zip = await layOut(blobs, members, sumOf);
      const newest = Math.max(0, ...members.map(({ modifiedAt }) => modifiedAt.getTime()));
      return await sendBytes(request, reply, { ...zip, name, modifiedAt: new Date(newest) });
    },
  });
}

function noSuchFile(name: string, files: readonly { name: string }[]): AppError {
  const known = files.map((file) => file.name).slice(0, 20);
  if (known.length === 0) return notFound(`file "${name}"`);
  return new AppError('not-found', `There is no file "${name}" here. There are: ${known.join(', ')}.`);
}
