import { Button, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TeamList } from '../../../core/contract/team-staff.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { When } from '../ui/instant.tsx';
import { Failure } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { MergeDialog, MoveDialog, type Student, type Team } from './change-dialogs.tsx';
import { teamsQuery } from './queries.ts';
import classes from './teams.module.css';

/** For staff: who is in which team, and what it takes to change that. */
export function TeamsPage() {
  const { competition } = useCompetition();
  const query = useQuery(teamsQuery(competition.slug));
  return (
    <section className={classes.page} aria-label="Teams">
      <PageTitle parts={['Teams', competition.title]} />
      {query.isError ? <Failure error={query.error} title="The teams could not be loaded" /> : null}
      {query.isPending ? <Skeleton height={240} aria-label="Loading the teams" /> : null}
      {query.data ? <Teams list={query.data} /> : null}
    </section>
  );
}

function Teams({ list }: { list: TeamList }) {
  const { timeZone } = useCompetition().competition;
  const [search, setSearch] = useState('');
  const [moved, move] = useState<Student>();
  const [merged, merge] = useState<Team>();
  const wanted = search.trim().toLowerCase();
  const fits = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(wanted));
  const teams = list.teams.filter(({ pseudonym, members }) =>
    fits(pseudonym, ...members.flatMap(({ name, email }) => [name, email])),
  );
  const alone = list.alone.filter(({ name, email }) => fits(name, email));
  return (
    <>
      <p>
        {list.maxTeamSize === 1 ? 'Everybody is alone here' : `Up to ${list.maxTeamSize} students can be a team`}
        {list.locksAt === null ? (
          '.'
        ) : (
          <>
            , and change theirs until <When at={list.locksAt} timeZone={timeZone} />.
          </>
        )}{' '}
        You can change them at any time.
      </p>
      <TextInput
        label="Find a student or a team"
        type="search"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={classes.list} aria-label="Teams">
        {teams.map((team) => (
          <TeamCard key={team.id} team={team} onMove={move} onMerge={merge} />
        ))}
      </ul>
      {alone.length === 0 ? null : (
        <section className="card stack" aria-label="In no team yet">
          <div>
            <h2>In no team yet</h2>
            <p className="dim">Whoever submits alone is a team of one from then on.</p>
          </div>
          <People people={alone} onMove={move} />
        </section>
      )}
      {moved ? <MoveDialog student={moved} list={list} onClose={() => move(undefined)} /> : null}
      {merged ? <MergeDialog team={merged} list={list} onClose={() => merge(undefined)} /> : null}
    </>
  );
}

interface TeamCardProps {
  readonly team: Team;
  readonly onMove: (student: Student) => void;
  readonly onMerge: (team: Team) => void;
}

function TeamCard({ team, onMove, onMerge }: TeamCardProps) {
  const { pseudonym, members, submissions } = team;
  return (
    <li className="card stack" aria-label={pseudonym}>
      <div className="row spread">
        <div>
          <h2>{pseudonym}</h2>
          <p className="dim">{submissions === 0 ? 'nothing submitted' : formatCount(submissions, 'submission')}</p>
        </div>
        <Button variant="default" size="xs" aria-label={`Merge ${pseudonym}`} onClick={() => onMerge(team)}>
          Merge
        </Button>
      </div>
      <People people={members} onMove={onMove} />
    </li>
  );
}

interface PeopleProps {
  readonly people: readonly (Student & { readonly current?: boolean })[];
  readonly onMove: (student: Student) => void;
}

function People({ people, onMove }: PeopleProps) {
  return (
    <ul className={classes.people}>
      {people.map((student) => (
        <li key={student.userId} className="row spread">
          <span>
            {student.name} <span className="dim">{student.email}</span>
            {student.current === false ? <span className="dim"> (no student of the course now)</span> : null}
          </span>
          {student.current === false ? null : (
            <Button variant="default" size="xs" aria-label={`Move ${student.name}`} onClick={() => onMove(student)}>
              Move
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
