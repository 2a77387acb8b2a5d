import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { teamsQuery } from '../teams/queries.ts';
import { Failure } from '../ui/notice.tsx';

interface Props {
  readonly competition: string;
  /** An id as text; empty: none is chosen. */
  readonly value: string;
  readonly onChange: (teamId: string) => void;
}

/** One of the teams of a competition, told apart by who is in them. */
export function TeamSelect({ competition, value, onChange }: Props) {
  const query = useQuery(teamsQuery(competition));
  const teams = query.data?.teams.filter(({ members }) => members.some(({ current }) => current)) ?? [];
  return (
    <>
      {query.isError ? <Failure error={query.error} title="The teams could not be loaded" /> : null}
      <NativeSelect
        label="Team"
        description={
          query.isSuccess && teams.length === 0
            ? 'There is no team yet: a student’s first submission makes one.'
            : 'Whoever joins the team later has its dates as well'
        }
        required
        withAsterisk={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={[
          { value: '', label: query.isPending ? 'Loading …' : 'Choose a team' },
          ...teams.map(({ id, pseudonym, members }) => ({
            value: String(id),
            label: `${pseudonym} (${members.map(({ name }) => name).join(', ')})`,
          })),
        ]}
      />
    </>
  );
}
