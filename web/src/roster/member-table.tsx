import { NativeSelect, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member } from '../../../core/contract/courses.ts';
import { exportRoster } from '../../../core/contract/roster.ts';
import { urlOf } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { formatCount } from '../format/number.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure } from '../ui/notice.tsx';
import { MemberRow } from './member-row.tsx';
import { membersQuery, sectionsQuery } from './queries.ts';
import classes from './roster.module.css';

/** A table of thousands is slow to draw and nobody reads it: who is looked for is searched for. */
const mostRows = 300;

/** The people of a course: searched by name, address or id, and filtered by section. */
export function MemberTable() {
  const course = useCourse();
  const members = useQuery(membersQuery(course.slug));
  const sections = useQuery(sectionsQuery(course.slug));
  const [text, search] = useState('');
  const [which, choose] = useState('');
  const found = members.data?.filter((member) => isIn(member, which) && matches(member, text)) ?? [];
  return (
    <section className="card stack" aria-label="People">
      <div className="row spread">
        <h2>People</h2>
        <a href={urlOf(exportRoster, { params: { course: course.slug } })}>Download as CSV</a>
      </div>
      <div className={classes.fields}>
        <TextInput
          label="Search"
          placeholder="name, address or id"
          value={text}
          onChange={(event) => search(event.currentTarget.value)}
        />
        <NativeSelect
          label="Show"
          value={which}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { value: '', label: 'Everybody' },
            { value: 'staff', label: 'Staff' },
            ...(sections.data ?? []).map(({ id, name }) => ({ value: String(id), label: `Section ${name}` })),
            { value: 'none', label: 'Students in no section' },
            { value: 'new', label: 'Who has no password yet' },
            { value: 'dropped', label: 'Who was taken off' },
          ]}
        />
      </div>
      {members.isError ? <Failure error={members.error} title="The people could not be loaded" /> : null}
      {members.isPending ? <Skeleton height={200} aria-label="Loading the people" /> : null}
      {members.data && found.length === 0 ? <EmptyState title="Nobody like this is in the course" /> : null}
      {found.length > 0 ? (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <caption className="visually-hidden">The people of the course, by name</caption>
            <thead>
              <tr>
                {['Name', 'Role', 'Section', 'Student id and username'].map((name) => (
                  <th key={name} scope="col" className="label nowrap">
                    {name}
                  </th>
                ))}
                <th scope="col">
                  <span className="visually-hidden">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, mostRows).map((member) => (
                <MemberRow key={member.userId} member={member} sections={sections.data ?? []} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {found.length > mostRows ? (
        <p className="dim">and {formatCount(found.length - mostRows, 'more person', 'more people')}: search for them</p>
      ) : null}
    </section>
  );
}

function isIn({ section, role, hasPassword, droppedAt }: Member, which: string): boolean {
  if (which === 'dropped') return droppedAt !== null;
  if (droppedAt !== null) return false;
  if (which === '') return true;
  if (which === 'staff') return role !== 'student';
  if (which === 'new') return !hasPassword;
  return which === 'none' ? role === 'student' && section === null : String(section?.id) === which;
}

function matches({ name, email, studentId, username }: Member, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [name, email, studentId, username].some((known) => known.toLowerCase().includes(wanted));
}
