import { readFile } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import type { BlobStore } from '../../core/blobs/store.ts';
import { exportRoster, importRoster, previewRoster } from '../../core/contract/roster.ts';
import type { Member } from '../../core/contract/courses.ts';
import { csvOf } from '../../core/csv.ts';
import { accessChanged } from '../access-changed.ts';
import { principalOf, requireRole } from '../auth/guard.ts';
import { findCourse } from '../courses/courses.ts';
import { readMembers } from '../courses/members.ts';
import type { App } from '../http/app-type.ts';
import { receiveFile } from '../http/upload.ts';
import type { Services } from '../services.ts';
import { importFile, preview } from './import.ts';

const maxRosterBytes = 10 * 2 ** 20;

export function rosterRoutes(app: App, { db: { prisma } }: Services): void {
  app.route({
    ...exportRoster,
    handler: async (request, reply) => {
      const { course, role } = await findCourse(prisma, principalOf(request), request.params.course);
      requireRole(role, 'ta');
      const members = await readMembers(prisma, course.id, { dropped: false });
      reply.header('content-disposition', `attachment; filename="${course.slug}-roster.csv"`);
      return await reply.type('text/csv; charset=utf-8').serializer(String).send(rosterCsv(members));
    },
  });
}

export function rosterUploadRoutes(app: App, services: Services): void {
  const { db, blobs } = services;

  app.route({
    ...previewRoster,
    handler: async (request) => {
      const { course, role } = await findCourse(db.prisma, principalOf(request), request.params.course);
      requireRole(role, 'instructor');
      return await preview(db.pool, course.id, await received(request, blobs), request.query);
    },
  });

  app.route({
    ...importRoster,
    handler: async (request) => {
      const principal = principalOf(request);
      const { course, role } = await findCourse(db.prisma, principal, request.params.course);
      requireRole(role, 'instructor');
      const done = await importFile(services, principal, course, await received(request, blobs), request.query);
      accessChanged(services);
      return done;
    },
  });
}

/** It is looked at and not kept: it is full of names. */
async function received(request: FastifyRequest, blobs: BlobStore): Promise<{ name: string; bytes: Uint8Array }> {
  const scratch = blobs.scratch(false);
  try {
    const { name } = await receiveFile(request, scratch, maxRosterBytes, 'roster.csv');
    return { name, bytes: await readFile(scratch.path) };
  } finally {
    await scratch.discard();
  }
}

function rosterCsv(members: readonly Member[]): string {
  const header = ['name', 'email', 'role', 'section', 'student_id', 'username'];
  const lines = members.map(({ name, email, role, section, studentId, username }) => [
    name,
    email,
    role,
    section?.name ?? '',
    studentId,
    username,
  ]);
  return csvOf([header, ...lines]);
}
