import { Button, Modal, NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { addMember, editMember, type Member, removeMember } from '../../../core/contract/courses.ts';
import type { Section } from '../../../core/contract/sections.ts';
import { beginViewing } from '../../../core/contract/viewing.ts';
import { call } from '../api/call.ts';
import { meQuery } from '../api/queries.ts';
import { changePerson } from '../api/session.ts';
import { useCourse } from '../courses/use-course.ts';
import { Ago } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { MemberIds } from './member-ids.tsx';
import { PasswordLink } from './password-link.tsx';
import { peopleKey } from './queries.ts';
import classes from './roster.module.css';

/** One person, with what can be done about them. */
export function MemberRow({ member, sections }: { member: Member; sections: readonly Section[] }) {
  const { slug, role: ownRole, timeZone } = useCourse();
  const { userId, name, email, role, section, studentId, username, hasPassword, droppedAt } = member;
  const queryClient = useQueryClient();
  const isAdmin = useQuery(meQuery).data?.isAdmin === true;
  const navigate = useNavigate();
  const [doomed, doom] = useState(false);
  const mayChange = ownRole === 'instructor';
  const onSuccess = async () => await queryClient.invalidateQueries({ queryKey: peopleKey(slug) });
  const move = useMutation({
    mutationFn: (sectionId: number | null) =>
      call(editMember, { params: { course: slug, id: userId }, body: { sectionId } }),
    onSuccess,
  });
  const restore = useMutation({
    mutationFn: () => call(addMember, { params: { course: slug }, body: { email, name, role } }),
    onSuccess,
  });
  const view = useMutation({
    mutationFn: () => call(beginViewing, { params: { course: slug }, body: { userId } }),
    onSuccess: async (me) => {
      changePerson(queryClient, me);
      await navigate({ to: '/' });
    },
  });
  const failed = [move, restore, view].find(({ isError }) => isError);
  return (
    <tr>
      <th scope="row">
        {name} <span className="dim">{email}</span>
        {droppedAt !== null || hasPassword ? null : <span className="dim">, has no password yet</span>}
        {failed ? <Failure error={failed.error} /> : null}
      </th>
      <td className="nowrap">{role === 'ta' ? 'TA' : role}</td>
      <td>
        {mayChange && droppedAt === null && role === 'student' ? (
          <NativeSelect
            size="xs"
            aria-label={`Section of ${name}`}
            value={section === null ? '' : String(section.id)}
            disabled={move.isPending}
            onChange={({ currentTarget: { value } }) => move.mutate(value === '' ? null : Number(value))}
            data={[{ value: '', label: '–' }, ...sections.map((one) => ({ value: String(one.id), label: one.name }))]}
          />
        ) : (
          section?.name
        )}
      </td>
      <td className="num">
        {studentId}
        {username === '' ? null : <div className="dim">{username}</div>}
      </td>
      <td>
        {droppedAt === null ? (
          <div className={classes.buttons}>
            {role === 'student' ? (
              <Button
                size="xs"
                variant="default"
                loading={view.isPending}
                aria-label={`View as ${name}`}
                onClick={() => view.mutate()}
              >
                View as
              </Button>
            ) : null}
            {mayChange ? <MemberIds member={member} /> : null}
            {isAdmin ? <PasswordLink member={member} /> : null}
            {mayChange ? (
              <Button size="xs" variant="default" aria-label={`Take off ${name}`} onClick={() => doom(true)}>
                Take off
              </Button>
            ) : null}
          </div>
        ) : (
          <div className="row">
            <span className="dim">
              off since <Ago at={droppedAt} timeZone={timeZone} />
            </span>
            {mayChange ? (
              <Button
                size="xs"
                variant="default"
                loading={restore.isPending}
                aria-label={`Bring back ${name}`}
                onClick={() => restore.mutate()}
              >
                Bring back
              </Button>
            ) : null}
          </div>
        )}
        {doomed ? <TakeOffDialog member={member} onClose={() => doom(false)} /> : null}
      </td>
    </tr>
  );
}

function TakeOffDialog({ member: { userId, name }, onClose }: { member: Member; onClose: () => void }) {
  const { slug } = useCourse();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(removeMember, { params: { course: slug, id: userId } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: peopleKey(slug) });
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Take ${name} off the course?`} centered>
      <div className="stack">
        <p>They can’t see the course any more. What they did stays, and is theirs again when they are brought back.</p>
        {remove.isError ? <Failure error={remove.error} /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep them
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
            Take off
          </Button>
        </div>
      </div>
    </Modal>
  );
}
