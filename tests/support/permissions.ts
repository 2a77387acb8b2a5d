import type { Audience } from './audiences.ts';
import { emptyCourseArchive } from './archive.ts';
import { callOf, endpoints, kaggleEndpoints } from './endpoints.ts';
import { fresh, type Caller, type Cast } from './cast.ts';
import { hourMs, makeCompetition, tinyKey, tinyPredictions } from './competitions.ts';
import { countingRules } from './counting-rules.ts';
import { finalStandingRules } from './final-standing.ts';
import { folderRules } from './folder-rules.ts';
import { gradeRules } from './grades.ts';
import { kaggleRules } from './kaggle-rules.ts';
import { hookRules } from './hook-rules.ts';
import { peopleRules } from './people-rules.ts';
import { staffRules } from './staff-rules.ts';
import { Extension } from '../../core/contract/dates.ts';
import { teamRules } from './team-rules.ts';
import { makeSession } from './people.ts';
import type { Endpoint } from '../../core/contract/endpoint.ts';

/** What a valid request holds beside the cast's own course, competition, submission and file. */
export interface Filling {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly json?: unknown;
  readonly file?: string | Uint8Array<ArrayBuffer>;
  /** Sent in a session of the caller, as a browser does, in place of an API token. */
  readonly session?: boolean;
}

export interface Rule {
  readonly for: Audience;
  /** Makes a request that nothing but permissions can refuse, and what it needs to be there. */
  readonly filling?: (cast: Cast, caller: Caller) => Filling | Promise<Filling>;
}

/** Every endpoint: one that is missing here fails the tests of permissions, and those of the audit log. */
export const rules: Readonly<Record<string, Rule>> = {
  signIn: { for: 'everybody', filling: ({ account }) => ({ json: account }) },
  signOut: { for: 'the signed-in' },
  getMe: { for: 'the signed-in' },
  listTokens: { for: 'the signed-in' },
  createToken: { for: 'the signed-in', filling: () => ({ json: { name: 'a token' } }) },
  revokeToken: {
    for: 'the signed-in',
    filling: async (cast, caller) => ({ params: { id: await anotherToken(cast, caller) } }),
  },

  createCourse: {
    for: 'site admins',
    filling: () => ({ json: { slug: fresh(), title: 'A course', timeZone: 'UTC' } }),
  },
  getOperations: { for: 'site admins' },
  listCourses: { for: 'the signed-in' },
  getCourse: { for: 'the course' },
  editCourse: { for: 'its instructors', filling: () => ({ json: { title: `Renamed ${fresh()}` } }) },
  listExtensions: { for: 'its staff' },
  addExtension: { for: 'its staff', filling: ({ student }) => ({ json: extensionFor(student.id) }) },
  deleteExtension: { for: 'its staff', filling: async (cast) => ({ params: { id: await anotherExtension(cast) } }) },
  listAccommodations: { for: 'its staff' },
  setAccommodation: {
    for: 'its instructors',
    filling: ({ student }) => ({ params: { id: student.id }, json: { extraDays: 2, reason: 'A letter' } }),
  },
  deleteAccommodation: {
    for: 'its instructors',
    filling: async (cast) => ({ params: { id: await accommodatedStudent(cast) } }),
  },
  listLateDays: { for: 'its staff' },
  listMembers: { for: 'its staff' },
  addMember: {
    for: 'its instructors',
    filling: () => ({ json: { email: `${fresh()}@example.edu`, name: 'Somebody', role: 'student' } }),
  },
  listAnnouncements: { for: 'the course' },
  createAnnouncement: { for: 'its staff', filling: () => ({ json: { title: 'News', body: 'Some *news*.' } }) },
  editAnnouncement: {
    for: 'its staff',
    filling: async (cast) => ({ params: { id: await anotherAnnouncement(cast) }, json: { title: 'Other news' } }),
  },
  deleteAnnouncement: {
    for: 'its staff',
    filling: async (cast) => ({ params: { id: await anotherAnnouncement(cast) } }),
  },
  listAuditEntries: { for: 'its staff' },
  ...peopleRules,
  ...staffRules,
  ...hookRules,
  exportCourse: { for: 'its instructors' },
  restoreCourse: {
    for: 'site admins',
    filling: async ({ system }) => ({ file: await emptyCourseArchive(system, fresh()) }),
  },
  // Only told what it would do: nobody else would be there afterwards.
  anonymiseCourse: {
    for: 'its instructors',
    filling: ({ course }) => ({ json: { confirm: course.slug, preview: true } }),
  },
  removeMember: {
    for: 'its instructors',
    filling: async ({ course }) => ({ params: { id: (await course.add('student')).id } }),
  },

  createCompetition: {
    for: 'its instructors',
    filling: ({ course }) => ({ json: { course: course.slug, slug: fresh(), title: 'Another one' } }),
  },
  listCompetitions: { for: 'the signed-in' },
  getCompetition: { for: 'the course' },
  editCompetition: { for: 'its instructors', filling: () => ({ json: { title: `Renamed ${fresh()}` } }) },
  addPhase: {
    for: 'its instructors',
    // To another competition: with a phase that is not whole, this one could not be published again.
    filling: async ({ course }) => ({
      params: { slug: await makeCompetition(course) },
      json: { slug: fresh(), title: 'A phase' },
    }),
  },
  publishCompetition: { for: 'its instructors' },
  putAnswerKey: { for: 'its instructors', filling: () => ({ query: 'phase=main', file: tinyKey }) },
  rescore: { for: 'its instructors' },
  getShape: { for: 'the course' },
  putCustomMetric: { for: 'its instructors', filling: () => ({ file: 'def score(a, b, c):\n    return 1.0\n' }) },
  deleteCustomMetric: { for: 'its instructors' },
  addFiles: { for: 'its instructors', filling: () => ({ query: `filename=${fresh()}.csv`, file: 'id,x\n' }) },
  downloadFile: { for: 'the course' },
  downloadStarter: { for: 'the course' },
  deleteFile: { for: 'its instructors', filling: async (cast) => ({ params: { name: await anotherFile(cast) } }) },
  createBaseline: {
    for: 'its instructors',
    filling: () => ({ query: 'name=A+line&filename=line.csv', file: tinyPredictions }),
  },

  createSubmission: { for: 'the course', filling: () => ({ query: 'filename=p.csv', file: tinyPredictions }) },
  checkSubmission: { for: 'the course', filling: () => ({ query: 'filename=p.csv', file: tinyPredictions }) },
  listDue: { for: 'the signed-in' },
  getAllowance: { for: 'the course' },
  listSubmissions: { for: 'the course' },
  getSubmission: { for: 'the team and staff' },
  downloadSubmission: { for: 'the team and staff' },
  cancelSubmission: {
    for: 'the team and staff',
    filling: async ({ student, slug }) => ({ params: { id: (await student.submit(slug, tinyPredictions)).id } }),
  },
  rerunSubmission: {
    for: 'staff, the team being told so',
    filling: async (cast) => ({ params: { id: await finishedSubmission(cast) } }),
  },
  submissionEvents: { for: 'the team and staff' },

  getLeaderboard: { for: 'the course' },
  getBoardHistory: { for: 'the course' },
  exportLeaderboard: { for: 'its staff' },
  leaderboardEvents: { for: 'the course' },
  getMyTeam: { for: 'the course' },
  rerollPseudonym: { for: 'the course' },
  showName: { for: 'the course', filling: () => ({ json: { shown: false } }) },
  ...teamRules,
  ...finalStandingRules,
  ...folderRules,

  ...countingRules,
  ...gradeRules,

  listImages: { for: 'staff of any course' },
  listRuns: { for: 'the team and staff' },
  getRunLog: { for: 'the team and staff' },
  getRunOutput: { for: 'the team and staff' },
  getRunNotebook: { for: 'the team and staff' },
  runEvents: { for: 'the team and staff' },

  ...kaggleRules,
};

/** @throws for an endpoint that the table does not have */
export function ruleOf({ schema: { operationId } }: Endpoint): Rule {
  const rule = rules[operationId];
  if (!rule) throw new Error(`say in tests/support/permissions.ts who may call ${operationId}`);
  return rule;
}

export function endpointOf(operationId: string): Endpoint {
  const endpoint = [...endpoints, ...kaggleEndpoints].find(({ schema }) => schema.operationId === operationId);
  if (!endpoint) throw new Error(`the contract has no ${operationId}`);
  return endpoint;
}

/** Calls an endpoint as somebody, with a request that nothing but permissions can refuse; of a stream, what its head says. */
export async function callAs(
  cast: Cast,
  endpoint: Endpoint,
  caller: Caller,
): Promise<{ status: number; text: string }> {
  const { params, query, json, file, session } = (await ruleOf(endpoint).filling?.(cast, caller)) ?? {};
  const { slug, submissionId, course, system } = cast;
  const own = { slug, course: course.slug, id: submissionId, attempt: 1, name: 'test.csv', field: 'report', ...params };
  const [method = '', path = ''] = callOf(endpoint, own).split(' ');
  const person = cast.person(caller);
  const type = file === undefined ? 'application/json' : 'application/octet-stream';
  const body = file ?? (json === undefined ? undefined : JSON.stringify(json));
  const response = await fetch(`${system.url}${path}${query === undefined ? '' : `?${query}`}`, {
    method,
    headers: {
      ...(person &&
        (session ? { cookie: await makeSession(cast.system, person) } : { authorization: `Bearer ${person.token}` })),
      ...(body !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body }),
  });
  if (response.ok && endpoint.schema.produces?.includes('text/event-stream')) {
    await response.body?.cancel();
    return { status: response.status, text: '' };
  }
  return { status: response.status, text: await response.text() };
}

async function anotherToken({ system, person }: Cast, caller: Caller): Promise<number> {
  const owner = person(caller) ?? person('student');
  if (!owner) throw new Error('nobody owns the token');
  const tokenHash = Buffer.from(fresh());
  const { id } = await system.db.prisma.apiToken.create({
    data: { userId: owner.id, name: 'another', tokenHash, hint: 'another' },
  });
  return id;
}

async function anotherAnnouncement({ course, system }: Cast): Promise<number> {
  const { id } = await system.db.prisma.announcement.create({ data: { courseId: course.id, title: 'News', body: '' } });
  return id;
}

const extensionFor = (userId: number) => ({
  userId,
  dueAt: new Date(Date.now() + 48 * hourMs).toISOString(),
  reason: 'Ill',
});

async function anotherExtension({ course, slug, student }: Cast): Promise<number> {
  const answer = await course.instructor.json(`POST /competitions/${slug}/extensions`, extensionFor(student.id));
  return Extension.parse(answer.body).id;
}

async function accommodatedStudent({ system, course }: Cast): Promise<number> {
  const { id: userId } = await course.add('student');
  await system.db.prisma.accommodation.create({ data: { courseId: course.id, userId, extraDays: 1, reason: '' } });
  return userId;
}

async function anotherFile({ course, slug }: Cast): Promise<string> {
  const name = `${fresh()}.csv`;
  const { status, text } = await course.instructor.upload(`POST /competitions/${slug}/files`, 'id,x\n', name);
  if (status !== 201) throw new Error(`the file was not added: ${text}`);
  return name;
}

/** Rejected, as if a worker had been there. */
async function finishedSubmission({ system, student, slug }: Cast): Promise<number> {
  const { id } = await student.submit(slug, tinyPredictions);
  await system.db.prisma.submission.update({
    where: { id },
    data: { state: 'rejected', finishedAt: new Date(), report: { errors: [], moreErrors: 0 } },
  });
  return id;
}
