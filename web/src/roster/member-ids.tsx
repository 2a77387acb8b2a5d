import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { editMember, type Member } from '../../../core/contract/courses.ts';
import { call } from '../api/call.ts';
import { useCourse } from '../courses/use-course.ts';
import { Failure } from '../ui/notice.tsx';
import { peopleKey } from './queries.ts';
import classes from './roster.module.css';

/** How the registrar and the learning-management system know a person: grades are exported by it. */
export function MemberIds({ member }: { member: Member }) {
  const [edits, edit] = useState(false);
  const { name } = member;
  return (
    <>
      <Button size="xs" variant="default" aria-label={`Edit ids of ${name}`} onClick={() => edit(true)}>
        Edit ids
      </Button>
      {edits ? <IdsDialog member={member} onClose={() => edit(false)} /> : null}
    </>
  );
}

function IdsDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const [studentId, setStudentId] = useState(member.studentId);
  const [username, setUsername] = useState(member.username);
  const save = useMutation({
    mutationFn: () => call(editMember, { params: { course: slug, id: member.userId }, body: { studentId, username } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: peopleKey(slug) });
      await queryClient.invalidateQueries({ queryKey: ['grades'] });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={`The ids of ${member.name}`} centered>
      <form className="stack" onSubmit={submit}>
        <p className="dim">
          Exports of grades name people by them, so that the university’s systems know whose they are.
        </p>
        <TextInput
          label="Student id"
          description="As the registrar knows the person"
          maxLength={200}
          data-autofocus
          value={studentId}
          onChange={(event) => setStudentId(event.currentTarget.value)}
        />
        <TextInput
          label="Username"
          description="As the learning-management system does"
          maxLength={200}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        {save.isError ? <Failure error={save.error} title="They were not saved" /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
