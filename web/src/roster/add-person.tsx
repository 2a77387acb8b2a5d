import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { addMember } from '../../../core/contract/courses.ts';
import { Role } from '../../../core/contract/people.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { Failure, Notice } from '../ui/notice.tsx';
import { peopleKey } from './queries.ts';
import classes from './roster.module.css';

const roles = { student: 'student', ta: 'TA', instructor: 'instructor' } as const;

/** Adds one person, or changes the role of one who is there. */
export function AddPerson() {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('student');
  const add = useMutation({
    mutationFn: () => call(addMember, { params: { course: slug }, body: { email, name, role } }),
    onSuccess: async () => {
      setEmail('');
      setName('');
      await queryClient.invalidateQueries({ queryKey: peopleKey(slug) });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form className="card stack" aria-label="Add a person" onSubmit={submit}>
      <div>
        <h2>Add a person</h2>
        <p className="dim">Who is in the course already is given the role that you choose.</p>
      </div>
      <div className={classes.fields}>
        <TextInput
          label="E-mail address"
          type="email"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Role"
          value={role}
          onChange={(event) => setRole(Role.parse(event.currentTarget.value))}
          data={Role.options.map((value) => ({ value, label: roles[value] }))}
        />
        <Button type="submit" loading={add.isPending}>
          Add
        </Button>
      </div>
      {add.isError ? <Failure error={add.error} title="Nobody was added" /> : null}
      {add.data ? (
        <Notice tone="good" title={`${add.data.name} is in the course`}>
          {add.data.hasPassword ? null : 'Invite them below: they have no password yet.'}
        </Notice>
      ) : null}
    </form>
  );
}
