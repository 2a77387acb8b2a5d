import type { Caller } from './cast.ts';

/** What comes of a call: it is done, or refused as who is not signed in, whose role is too low, or who is not told that it exists. */
type Outcome = 'done' | 'unauthenticated' | 'forbidden' | 'not-found';

const outsiders = { stranger: 'not-found', 'student elsewhere': 'not-found', 'ta elsewhere': 'not-found' } as const;
const hiddenElsewhere = { anonymous: 'unauthenticated', ...outsiders, 'instructor elsewhere': 'not-found' } as const;
const signedIn = {
  stranger: 'done',
  'student elsewhere': 'done',
  'ta elsewhere': 'done',
  'instructor elsewhere': 'done',
  student: 'done',
  classmate: 'done',
  ta: 'done',
  instructor: 'done',
  admin: 'done',
} as const;
const staff = { ta: 'done', instructor: 'done', admin: 'done' } as const;

/** Who may call an endpoint, and what everybody else is told. */
export const audiences = {
  everybody: { anonymous: 'done', ...signedIn },
  'the signed-in': { anonymous: 'unauthenticated', ...signedIn },
  'the course': { ...hiddenElsewhere, student: 'done', classmate: 'done', ...staff },
  'the course, others being told so': {
    anonymous: 'unauthenticated',
    stranger: 'forbidden',
    'student elsewhere': 'forbidden',
    'ta elsewhere': 'forbidden',
    'instructor elsewhere': 'forbidden',
    student: 'done',
    classmate: 'done',
    ...staff,
  },
  'its students': {
    ...hiddenElsewhere,
    student: 'done',
    classmate: 'done',
    ta: 'forbidden',
    instructor: 'forbidden',
    admin: 'forbidden',
  },
  'its staff': { ...hiddenElsewhere, student: 'forbidden', classmate: 'forbidden', ...staff },
  'its instructors': { ...hiddenElsewhere, student: 'forbidden', classmate: 'forbidden', ...staff, ta: 'forbidden' },
  'the team and staff': { ...hiddenElsewhere, student: 'done', classmate: 'not-found', ...staff },
  'staff, the team being told so': { ...hiddenElsewhere, student: 'forbidden', classmate: 'not-found', ...staff },
  'staff of any course': {
    anonymous: 'unauthenticated',
    stranger: 'forbidden',
    'student elsewhere': 'forbidden',
    'ta elsewhere': 'done',
    'instructor elsewhere': 'done',
    student: 'forbidden',
    classmate: 'forbidden',
    ...staff,
  },
  'site admins': {
    anonymous: 'unauthenticated',
    stranger: 'forbidden',
    'student elsewhere': 'forbidden',
    'ta elsewhere': 'forbidden',
    'instructor elsewhere': 'forbidden',
    student: 'forbidden',
    classmate: 'forbidden',
    ta: 'forbidden',
    instructor: 'forbidden',
    admin: 'done',
  },
} as const satisfies Record<string, Record<Caller, Outcome>>;
export type Audience = keyof typeof audiences;
