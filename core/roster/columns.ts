/** What a roster may tell of a person. */
const rosterFields = ['email', 'name', 'firstName', 'lastName', 'studentId', 'username', 'section'] as const;
type RosterField = (typeof rosterFields)[number];

/** Which column holds what: names of columns, as a person gives them. */
export type ColumnMapping = { readonly [Field in RosterField]?: string | undefined };

export type RosterFormat = 'gradescope' | 'canvas' | 'blackboard' | 'plain' | 'mapped';

/** Where each field stands in a row, from 0; `role` tells students from staff. */
export type Columns = { readonly [Field in RosterField | 'role']?: number };

/** By format the names of its columns, lower-case, the first that is there; `needs` is what no other format has together. */
const formats: readonly {
  readonly format: RosterFormat;
  readonly needs: readonly string[];
  readonly columns: { readonly [Field in keyof Columns]: readonly string[] };
}[] = [
  {
    format: 'canvas',
    needs: ['student', 'sis login id', 'section'],
    columns: {
      name: ['student'],
      studentId: ['sis user id'],
      username: ['sis login id'],
      section: ['section'],
      email: ['email'],
    },
  },
  {
    format: 'blackboard',
    needs: ['last name', 'first name', 'username'],
    columns: {
      lastName: ['last name'],
      firstName: ['first name'],
      username: ['username'],
      studentId: ['student id'],
      email: ['email', 'e-mail', 'email address'],
      section: ['section', 'child course id'],
    },
  },
  {
    format: 'gradescope',
    needs: ['sid', 'email'],
    columns: {
      name: ['name', 'full name'],
      firstName: ['first name'],
      lastName: ['last name'],
      studentId: ['sid'],
      email: ['email'],
      section: ['sections', 'section'],
      role: ['role'],
    },
  },
  {
    format: 'plain',
    needs: [],
    columns: {
      email: ['email', 'e-mail', 'email address', 'mail'],
      name: ['name', 'full name', 'student'],
      firstName: ['first name', 'first_name', 'firstname', 'given name'],
      lastName: ['last name', 'last_name', 'lastname', 'family name', 'surname'],
      studentId: ['student_id', 'student id', 'id', 'sid'],
      username: ['username', 'login', 'user name'],
      section: ['section', 'sections'],
      role: ['role'],
    },
  },
];

type Recognised =
  | { readonly kind: 'recognised'; readonly format: RosterFormat; readonly columns: Columns }
  | { readonly kind: 'unrecognised'; readonly column?: string; readonly message: string };

/** Finds the columns of a file by its header: by the mapping if one is given, else by the format that it has. */
export function recogniseColumns(header: readonly string[], mapping: ColumnMapping): Recognised {
  const names = header.map((name) => name.trim().toLowerCase());
  const given = rosterFields.flatMap((field) => {
    const column = mapping[field];
    return column === undefined ? [] : [{ field, column, at: names.indexOf(column.trim().toLowerCase()) }];
  });
  const missing = given.find(({ at }) => at < 0);
  if (missing)
    return {
      kind: 'unrecognised',
      column: missing.column,
      message: `There is no column "${missing.column}" for ${missing.field}; there are ${listed(header)}.`,
    };
  const mapped = Object.fromEntries(given.map(({ field, at }) => [field, at]));
  if (given.length > 0) return complete('mapped', mapped, header);
  const found = formats.find(({ needs }) => needs.every((name) => names.includes(name)));
  const columns = Object.entries(found?.columns ?? {}).flatMap(([field, candidates]) => {
    const at = candidates.map((name) => names.indexOf(name)).find((index) => index >= 0);
    return at === undefined ? [] : [[field, at] as const];
  });
  return complete(found?.format ?? 'plain', Object.fromEntries(columns), header);
}

/** A person needs a name and something that they are known by. */
function complete(format: RosterFormat, columns: Columns, header: readonly string[]): Recognised {
  const named = columns.name ?? columns.firstName ?? columns.lastName;
  const known = columns.email ?? columns.username ?? columns.studentId;
  if (named !== undefined && known !== undefined) return { kind: 'recognised', format, columns };
  const what = named === undefined ? 'a name' : 'an e-mail address';
  return {
    kind: 'unrecognised',
    message: `No column holds ${what}. The first line must name the columns; it has ${listed(header)}. Say which one holds what.`,
  };
}

function listed(header: readonly string[]): string {
  const shown = header.slice(0, 12).map((name) => `"${name.trim().slice(0, 40)}"`);
  return `${shown.join(', ')}${header.length > 12 ? ' …' : ''}`;
}
