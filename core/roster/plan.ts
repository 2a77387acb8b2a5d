import type { Role } from '../contract/people.ts';
import type { ProblemItem } from '../contract/problems.ts';
import type { RosterRow } from './read.ts';

/** Somebody who is or was in the course. */
export interface KnownMember {
  readonly userId: number;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly studentId: string;
  readonly username: string;
  readonly section: string;
  readonly dropped: boolean;
}

const kept = ['section', 'studentId', 'username'] as const;
type Kept = (typeof kept)[number];

export interface RosterChange {
  readonly line: number;
  readonly userId: number;
  readonly email: string;
  readonly name: string;
  /** Was taken off the course, and is back. */
  readonly restored: boolean;
  readonly changes: readonly { readonly field: Kept; readonly from: string; readonly to: string }[];
}

export interface RosterPlan {
  readonly added: readonly RosterRow[];
  readonly changed: readonly RosterChange[];
  readonly dropped: readonly { readonly userId: number; readonly email: string; readonly name: string }[];
  readonly unchanged: number;
}

/**
 * What becomes of a course's students by a file: who is found by address, else by student id, else by username, is kept, and what the file says of them
 * is changed; an empty cell says nothing. Names and addresses of accounts stay, and staff stays as it is. `drop`: students who are not in the file are taken off.
 */
export function planRoster(
  rows: readonly RosterRow[],
  members: readonly KnownMember[],
  drop: boolean,
): RosterPlan | { readonly errors: readonly ProblemItem[] } {
  const find = finder(members);
  const lines = new Map<number, number>();
  const errors: ProblemItem[] = [];
  const added: RosterRow[] = [];
  const changed: RosterChange[] = [];
  let unchanged = 0;
  for (const row of rows) {
    const member = find(row);
    if (!member && row.email === '') errors.push({ line: row.line, message: unknownAddress(row) });
    else if (!member) added.push(row);
    else {
      const earlier = lines.get(member.userId);
      if (earlier !== undefined)
        errors.push({ line: row.line, message: `${member.email} is meant by line ${earlier} already.` });
      lines.set(member.userId, row.line);
      const change = changeOf(row, member);
      if (member.role !== 'student' || (change.changes.length === 0 && !change.restored)) unchanged++;
      else changed.push(change);
    }
  }
  if (errors.length > 0) return { errors };
  const dropped = members
    .filter(({ role, dropped: gone, userId }) => drop && role === 'student' && !gone && !lines.has(userId))
    .map(({ userId, email, name }) => ({ userId, email, name }));
  return { added, changed, dropped, unchanged };
}

function finder(members: readonly KnownMember[]): (row: RosterRow) => KnownMember | undefined {
  const by = (['email', 'studentId', 'username'] as const).map((field) => ({
    field,
    known: new Map(members.map((member) => [member[field].toLowerCase(), member])),
  }));
  return (row) =>
    by
      .map(({ field, known }) => (row[field] === '' ? undefined : known.get(row[field].toLowerCase())))
      .find((member) => member !== undefined);
}

function changeOf(row: RosterRow, member: KnownMember): RosterChange {
  const changes = kept.flatMap((field) =>
    row[field] === '' || same(field, row[field], member[field]) ? [] : [{ field, from: member[field], to: row[field] }],
  );
  const { userId, email, name, dropped } = member;
  return { line: row.line, userId, email, name, restored: dropped, changes };
}

/** Upper case is as lower in what people are known by. */
function same(field: Kept, one: string, other: string): boolean {
  return field === 'section' ? one === other : one.toLowerCase() === other.toLowerCase();
}

function unknownAddress({ username, studentId }: RosterRow): string {
  return `Nobody in the course is known as "${username || studentId}", and the file has no e-mail address for a new account. Give the mail domain that belongs to the usernames.`;
}
