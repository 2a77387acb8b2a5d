import { useCourse } from '../courses/use-course.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { AddPerson } from './add-person.tsx';
import { Invitations } from './invitations.tsx';
import { JoinCodes } from './join-codes.tsx';
import { MemberTable } from './member-table.tsx';
import { RosterImport } from './roster-import.tsx';
import { Sections } from './sections.tsx';

/** Who is in a course, for its staff; for its instructors with what it takes to change that. */
export function PeoplePage() {
  const course = useCourse();
  const mayChange = course.role === 'instructor';
  return (
    <div className="stack">
      <PageTitle parts={['People', course.title]} />
      <MemberTable />
      {mayChange ? <AddPerson /> : null}
      {mayChange ? <RosterImport /> : null}
      {mayChange ? <Invitations /> : null}
      <JoinCodes />
      <Sections />
    </div>
  );
}
