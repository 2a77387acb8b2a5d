import { describe, expect, it } from 'vitest';
import { readRoster, type RosterReading } from '../../../core/roster/read.ts';

const read = (text: string | Uint8Array, terms: Partial<Parameters<typeof readRoster>[1]> = {}) =>
  readRoster(typeof text === 'string' ? Buffer.from(text) : text, { mapping: {}, domain: undefined, ...terms });
const rowsOf = (reading: RosterReading) => {
  if (reading.kind === 'rejected') throw new Error(JSON.stringify(reading.errors));
  return reading.rows;
};
const errorsOf = (reading: RosterReading) => (reading.kind === 'rejected' ? reading.errors : []);

const ada = { email: 'ada@bu.edu', name: 'Ada Lovelace', studentId: 'U1', username: '', section: 'A1' };

describe('a roster', () => {
  it('of Gradescope: students only', () => {
    const reading = read(
      'First Name,Last Name,SID,Email,Role,Sections\nAda,Lovelace,U1,Ada@bu.edu,Student,A1\nAlan,Turing,,alan@bu.edu,Instructor,\n',
    );
    expect(reading).toMatchObject({ kind: 'read', format: 'gradescope', skipped: 1 });
    expect(rowsOf(reading)).toEqual([{ line: 2, ...ada }]);
  });

  it('of Canvas: without its row of points and its test student, with the mail domain of its logins', () => {
    const file = [
      'Student,ID,SIS User ID,SIS Login ID,Section,Midterm (123),Final Score',
      '    Points Possible,,,,,100,(read only)',
      '"Lovelace, Ada",17,U1,ada,A1,90,',
      '"Student, Test",18,,a5f2,A1,,',
    ];
    const reading = read(file.join('\n'), { domain: 'bu.edu' });
    expect(reading).toMatchObject({ kind: 'read', format: 'canvas', skipped: 2 });
    expect(rowsOf(reading)).toEqual([{ line: 3, ...ada, username: 'ada' }]);
  });

  it('of Blackboard: UTF-16 with tabs, with and without its mark', () => {
    const text =
      '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"\n"Łukasz"\t"Ada"\t"ada"\t"U1"\t"Yes"\n';
    const expected = [
      { line: 2, email: 'ada@bu.edu', name: 'Ada Łukasz', studentId: 'U1', username: 'ada', section: '' },
    ];
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const bytes of [
      little,
      big,
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
    ]) {
      const reading = read(bytes, { domain: 'bu.edu' });
      expect(reading).toMatchObject({ format: 'blackboard' });
      expect(rowsOf(reading)).toEqual(expected);
    }
  });

  it.each([
    ['plain', 'email,name,student_id,section\nada@bu.edu,Ada Lovelace,U1,A1\n'],
    ['with a mark and CRLF', '\ufeffEmail,Name,Student ID,Section\r\nada@bu.edu,Ada Lovelace,U1,A1\r\n'],
    ['with semicolons', 'Email;Name;ID;Section\nada@bu.edu;"Lovelace, Ada";U1;A1\n'],
    ['with empty lines and spaces', '\n Email , Name ,ID,Section\n\n ada@bu.edu , Ada  Lovelace ,U1,A1\n,,,\n'],
  ])('%s', (_what, text) => {
    expect(rowsOf(read(text))).toMatchObject([ada]);
  });

  it('in Windows-1252, as old spreadsheets write it', () => {
    expect(rowsOf(read(Buffer.from('email,name\nz@bu.edu,Zo\xeb\n', 'latin1')))).toMatchObject([{ name: 'Zoë' }]);
  });

  it('of any other kind, by the names of its columns', () => {
    const text = 'Wer,Wohin,Gruppe\nAda Lovelace,ada@bu.edu,A1\n';
    const mapping = { name: 'wer', email: 'Wohin', section: 'Gruppe' };
    expect(rowsOf(read(text, { mapping }))).toMatchObject([{ ...ada, studentId: '' }]);
    expect(errorsOf(read(text))[0]?.message).toContain('"Wer", "Wohin", "Gruppe"');
    const wrong = errorsOf(read(text, { mapping: { ...mapping, email: 'Mail' } }));
    expect(wrong).toMatchObject([{ line: 1, column: 'Mail' }]);
  });

  it('tells all that is wrong, each with its line and column', () => {
    const file = [
      'email,name',
      'ada@bu.edu,',
      'not an address,Bob',
      'c@bu.edu,Cy,more',
      '"d@bu.edu',
      'x",Dan',
      'ADA@bu.edu,Ada',
    ];
    expect(errorsOf(read(file.join('\n')))).toMatchObject([
      { line: 2, column: 'name', message: 'The name is missing.' },
      { line: 3, column: 'email', message: '"not an address" is no e-mail address such as ada@example.edu.' },
      { line: 4 },
      { line: 6, column: 'email' },
    ]);
    expect(errorsOf(read('email,name\na@bu.edu,A\nb@bu.edu,B\nA@bu.edu,C\n'))).toMatchObject([
      { line: 4, message: '"a@bu.edu" is on line 2 already.' },
    ]);
  });

  it('is refused where it is no table, has no student, or its quotes don’t match', () => {
    for (const bytes of [
      Buffer.from(''),
      Buffer.from('PK\u0003\u0004'),
      Buffer.from('email,name\n'),
      Buffer.from('a\0b'),
      Buffer.from('email,name\n"a@bu.edu,A\n'),
    ])
      expect(read(bytes)).toMatchObject({ kind: 'rejected' });
  });

  it('takes whatever bytes there are without breaking', () => {
    let seed = 7;
    const next = () => (seed = (seed * 48_271) % 2_147_483_647);
    const alphabet = ['email', 'name', ',', '\n', '\r\n', '"', ';', '\t', 'ada@bu.edu', ' ', 'ß', '\0', '='];
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: next() % 30 }, () => alphabet[next() % alphabet.length]).join('');
      expect(['read', 'rejected']).toContain(read(text).kind);
      expect(['read', 'rejected']).toContain(read(Uint8Array.from({ length: next() % 40 }, () => next() % 256)).kind);
    }
  });
});
