import { Button, Checkbox, Modal, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { mergeTeams, moveStudent, type TeamList } from '../../../core/contract/team-staff.ts';
import { call } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { Failure } from '../ui/notice.tsx';
import { teamsQuery } from './queries.ts';
import classes from './teams.module.css';

export type Team = TeamList['teams'][number];
export type Student = TeamList['alone'][number];

const ownTeam = 'own';

interface MoveProps {
  readonly student: Student;
  readonly list: TeamList;
  readonly onClose: () => void;
}

/** Where a student is put, and whether what they sent goes along. */
export function MoveDialog({ student, list, onClose }: MoveProps) {
  const { slug } = useCompetition().competition;
  const from = list.teams.find(({ members }) => members.some(({ userId }) => userId === student.userId));
  const others = list.teams.filter((team) => team !== from);
  const isAlone = from === undefined || from.members.length === 1;
  const [where, setWhere] = useState('');
  const [takesSubmissions, take] = useState(isAlone);
  const [reason, setReason] = useState('');
  const into = others.find(({ id }) => String(id) === where);
  const move = useListChange(
    () =>
      call(moveStudent, {
        params: { slug },
        body: {
          userId: student.userId,
          teamId: where === ownTeam ? null : Number(where),
          takeSubmissions: takesSubmissions,
          reason,
        },
      }),
    onClose,
  );
  return (
    <ChangeForm
      title={`Move ${student.name}`}
      action="Move"
      ready={where !== ''}
      change={move}
      needsReason={(from?.submissions ?? 0) > 0 || (into?.submissions ?? 0) > 0}
      reason={reason}
      onReason={setReason}
      onClose={onClose}
    >
      <NativeSelect
        label="Into"
        value={where}
        onChange={(event) => setWhere(event.currentTarget.value)}
        data={[
          { value: '', label: 'Choose a team' },
          ...(isAlone ? [] : [{ value: ownTeam, label: 'a team of their own' }]),
          ...optionsOf(others),
        ]}
      />
      {from === undefined || from.submissions === 0 ? null : (
        <Checkbox
          label={`What ${student.name} submitted goes along`}
          description="All else stays with the team that it was submitted for."
          checked={takesSubmissions}
          onChange={(event) => take(event.currentTarget.checked)}
        />
      )}
      {into !== undefined && into.members.length >= list.maxTeamSize ? (
        <p className="dim">This team is then larger than the {list.maxTeamSize} that students are allowed.</p>
      ) : null}
    </ChangeForm>
  );
}

interface MergeProps {
  readonly team: Team;
  readonly list: TeamList;
  readonly onClose: () => void;
}

/** Which team another one becomes part of. */
export function MergeDialog({ team, list, onClose }: MergeProps) {
  const { slug } = useCompetition().competition;
  const [where, setWhere] = useState('');
  const [reason, setReason] = useState('');
  const others = list.teams.filter(({ id }) => id !== team.id);
  const into = others.find(({ id }) => String(id) === where);
  const merge = useListChange(
    () => call(mergeTeams, { params: { slug }, body: { fromTeamId: team.id, intoTeamId: Number(where), reason } }),
    onClose,
  );
  return (
    <ChangeForm
      title={`Merge ${team.pseudonym}`}
      action="Merge"
      ready={where !== ''}
      change={merge}
      needsReason={team.submissions > 0 || (into?.submissions ?? 0) > 0}
      reason={reason}
      onReason={setReason}
      onClose={onClose}
    >
      <p>All of its students, submissions and extensions become another team’s.</p>
      <NativeSelect
        label="Into"
        value={where}
        onChange={(event) => setWhere(event.currentTarget.value)}
        data={[{ value: '', label: 'Choose a team' }, ...optionsOf(others)]}
      />
    </ChangeForm>
  );
}

interface FormProps {
  readonly title: string;
  readonly action: string;
  readonly ready: boolean;
  readonly change: ReturnType<typeof useListChange>;
  readonly needsReason: boolean;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function ChangeForm({ title, action, ready, change, needsReason, reason, onReason, onClose, children }: FormProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <form className="stack" onSubmit={submit}>
        {children}
        <Textarea
          label="Reason"
          description={
            needsReason ? 'Something was submitted already, so boards and grades change' : 'For the audit log'
          }
          required={needsReason}
          withAsterisk={false}
          rows={2}
          maxLength={2000}
          value={reason}
          onChange={(event) => onReason(event.currentTarget.value)}
        />
        {change.isError ? <Failure error={change.error} title="Nothing was changed" /> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!ready}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function useListChange(change: () => Promise<TeamList>, onDone: () => void) {
  const { slug } = useCompetition().competition;
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (list) => {
      queryClient.setQueryData(teamsQuery(slug).queryKey, list);
      onDone();
      await queryClient.invalidateQueries();
    },
  });
}

function optionsOf(teams: readonly Team[]) {
  return teams.map(({ id, pseudonym, members }) => ({
    value: String(id),
    label: `${pseudonym}: ${members.map(({ name }) => name).join(', ')}`,
  }));
}
