import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../roster/queries.ts';
import { Failure } from '../ui/notice.tsx';

interface Props {
  readonly course: string;
  /** An id as text; empty: nobody is chosen. */
  readonly value: string;
  readonly onChange: (userId: string) => void;
}

/** One of the students who are in a course. */
export function StudentSelect({ course, value, onChange }: Props) {
  const members = useQuery(membersQuery(course));
  const students = members.data?.filter(({ role, droppedAt }) => role === 'student' && droppedAt === null) ?? [];
  return (
    <>
      {members.isError ? <Failure error={members.error} title="The students could not be loaded" /> : null}
      <NativeSelect
        label="Student"
        required
        withAsterisk={false}
        value={value}
        autoFocus
        onChange={(event) => onChange(event.currentTarget.value)}
        data={[
          { value: '', label: members.isPending ? 'Loading …' : 'Choose a student' },
          ...students.map(({ userId, name, email }) => ({ value: String(userId), label: `${name} (${email})` })),
        ]}
      />
    </>
  );
}
