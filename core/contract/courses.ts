import { z } from 'zod';
import { CourseParams, Empty, Id, Instant, Slug } from './common.ts';
import type { Endpoint } from './endpoint.ts';
import { NewPassword } from './passwords.ts';
import { Email, Role } from './people.ts';

const TimeZone = z
  .string()
  .refine(
    (name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC',
    'an IANA time zone such as America/New_York',
  );

const courseTitle = z.string().trim().min(1).max(200);

export const Course = z
  .object({ slug: Slug, title: z.string(), timeZone: z.string(), role: Role.describe('Mine') })
  .meta({ id: 'Course' });
export type Course = z.infer<typeof Course>;

/** A course with what its instructors set. */
export const CourseSettings = Course.extend({
  lateBankDays: z
    .number()
    .int()
    .describe('Days that each student may be late in all, over the phases whose late policy is the bank'),
}).meta({ id: 'CourseSettings' });
export type CourseSettings = z.infer<typeof CourseSettings>;

export const Member = z
  .object({
    userId: z.number().int(),
    email: z.string(),
    name: z.string(),
    role: Role,
    section: z.object({ id: z.number().int(), name: z.string() }).nullable(),
    studentId: z.string().describe('As the registrar knows the person; empty where that is not known'),
    username: z.string().describe('As the learning-management system does'),
    hasPassword: z.boolean().describe('False: made by staff, and has not been here yet'),
    droppedAt: Instant.nullable().describe('Since when the person is off the course; null: is in it'),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

export const createCourse = {
  method: 'POST',
  url: '/api/v1/courses',
  schema: {
    operationId: 'createCourse',
    summary: 'Make a course (site admin)',
    tags: ['Courses'],
    body: z.object({ slug: Slug, title: courseTitle, timeZone: TimeZone }),
    response: { 201: Course },
  },
} as const satisfies Endpoint;

export const listCourses = {
  method: 'GET',
  url: '/api/v1/courses',
  schema: {
    operationId: 'listCourses',
    summary: 'My courses',
    tags: ['Courses'],
    response: { 200: z.object({ courses: z.array(Course) }) },
  },
} as const satisfies Endpoint;

export const getCourse = {
  method: 'GET',
  url: '/api/v1/courses/:course',
  schema: {
    operationId: 'getCourse',
    summary: 'One course and its settings',
    tags: ['Courses'],
    params: CourseParams,
    response: { 200: CourseSettings },
  },
} as const satisfies Endpoint;

export const editCourse = {
  method: 'PATCH',
  url: '/api/v1/courses/:course',
  schema: {
    operationId: 'editCourse',
    summary: 'Change a course (instructor); in another time zone, days and shown times are others, dates stay',
    tags: ['Courses'],
    params: CourseParams,
    body: z.strictObject({
      title: courseTitle.optional(),
      timeZone: TimeZone.optional(),
      lateBankDays: z.number().int().min(0).max(365).optional(),
    }),
    response: { 200: CourseSettings },
  },
} as const satisfies Endpoint;

export const listMembers = {
  method: 'GET',
  url: '/api/v1/courses/:course/members',
  schema: {
    operationId: 'listMembers',
    summary: 'The people of a course (staff)',
    tags: ['Courses'],
    params: CourseParams,
    querystring: z.object({
      section: Id.optional().describe('Only this section’s'),
      dropped: z.stringbool().default(false).describe('With those who were taken off the course'),
    }),
    response: { 200: z.object({ members: z.array(Member) }) },
  },
} as const satisfies Endpoint;

export const addMember = {
  method: 'POST',
  url: '/api/v1/courses/:course/members',
  schema: {
    operationId: 'addMember',
    summary: 'Add a person to a course, or change their role (instructor)',
    description:
      'An account is made where there is none with this address. A password that is given is set only on a new account.',
    tags: ['Courses'],
    params: CourseParams,
    body: z.object({
      email: Email,
      name: z.string().trim().min(1).max(200),
      role: Role,
      password: NewPassword.optional(),
    }),
    response: { 200: Member },
  },
} as const satisfies Endpoint;

const MemberParams = CourseParams.extend({ id: Id });
const Known = z.string().trim().max(200).optional();

export const editMember = {
  method: 'PATCH',
  url: '/api/v1/courses/:course/members/:id',
  schema: {
    operationId: 'editMember',
    summary: 'Put a person into a section, or say how others know them (instructor)',
    tags: ['Courses'],
    params: MemberParams,
    body: z.strictObject({
      sectionId: Id.nullable().optional().describe('Null: none'),
      studentId: Known,
      username: Known,
    }),
    response: { 200: Member },
  },
} as const satisfies Endpoint;

export const removeMember = {
  method: 'DELETE',
  url: '/api/v1/courses/:course/members/:id',
  schema: {
    operationId: 'removeMember',
    summary:
      'Take a person off a course (instructor); what they did stays, and is theirs again when they are added again',
    tags: ['Courses'],
    params: MemberParams,
    response: { 204: Empty },
  },
} as const satisfies Endpoint;
