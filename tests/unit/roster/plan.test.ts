import { describe, expect, it } from 'vitest';
import { planRoster, type KnownMember } from '../../../core/roster/plan.ts';
import type { RosterRow } from '../../../core/roster/read.ts';

const row = (email: string, more: Partial<RosterRow> = {}): RosterRow => ({
  line: 2,
  email,
  name: 'Ada',
  studentId: '',
  username: '',
  section: '',
  ...more,
});
const member = (userId: number, email: string, more: Partial<KnownMember> = {}): KnownMember => ({
  userId,
  email,
  name: 'Ada',
  role: 'student',
  studentId: '',
  username: '',
  section: '',
  dropped: false,
  ...more,
});

describe('the plan of a roster import', () => {
  it('adds, changes, drops and leaves alone', () => {
    const members = [member(1, 'a@x.edu', { section: 'A1' }), member(2, 'b@x.edu'), member(3, 'c@x.edu')];
    const rows = [row('a@x.edu', { section: 'A2' }), row('b@x.edu'), row('d@x.edu')];
    expect(planRoster(rows, members, true)).toMatchObject({
      added: [{ email: 'd@x.edu' }],
      changed: [{ userId: 1, restored: false, changes: [{ field: 'section', from: 'A1', to: 'A2' }] }],
      dropped: [{ userId: 3 }],
      unchanged: 1,
    });
    expect(planRoster(rows, members, false)).toMatchObject({ dropped: [] });
  });

  it('restores who was dropped, and never touches staff', () => {
    const members = [member(1, 'a@x.edu', { dropped: true }), member(2, 'ta@x.edu', { role: 'ta' })];
    expect(planRoster([row('a@x.edu'), row('ta@x.edu', { section: 'B' })], members, true)).toMatchObject({
      changed: [{ userId: 1, restored: true, changes: [] }],
      dropped: [],
      unchanged: 1,
    });
    expect(planRoster([row('new@x.edu')], members, true)).toMatchObject({ dropped: [] });
  });

  it('finds people by student id and username where the address is missing or another', () => {
    const members = [member(1, 'a@x.edu', { studentId: 'U1' }), member(2, 'b@x.edu', { username: 'bob' })];
    expect(
      planRoster([row('', { username: 'BOB' }), row('new@x.edu', { studentId: 'u1' })], members, true),
    ).toMatchObject({
      added: [],
      dropped: [],
      unchanged: 2,
    });
  });

  it('tells of who is not known and has no address, and of who is meant twice', () => {
    const members = [member(1, 'a@x.edu', { studentId: 'U1' })];
    expect(planRoster([row('', { line: 7, username: 'eve' })], members, true)).toMatchObject({ errors: [{ line: 7 }] });
    const twice = [row('a@x.edu'), row('', { line: 3, studentId: 'U1' })];
    expect(planRoster(twice, members, true)).toMatchObject({ errors: [{ line: 3 }] });
  });

  it('done a second time changes nothing', () => {
    const rows = Array.from({ length: 50 }, (_, i) => row(`s${i}@x.edu`, { line: i + 2, section: `S${i % 3}` }));
    const members = rows.map(({ email, section }, i) => member(i + 1, email, { section }));
    expect(planRoster(rows.toReversed(), members, true)).toEqual({
      added: [],
      changed: [],
      dropped: [],
      unchanged: 50,
    });
  });
});
