import { Teamwork } from '../../core/contract/teamwork.ts';
import { TeamList } from '../../core/contract/team-staff.ts';
import { fresh, type Caller, type Cast } from './cast.ts';
import { makeCompetition } from './competitions.ts';
import type { Person } from './people.ts';
import type { Filling, Rule } from './permissions.ts';

/** Who may call the endpoints about teams. */
export const teamRules: Readonly<Record<string, Rule>> = {
  getTeamwork: { for: 'its students' },
  inviteToTeam: {
    for: 'its students',
    filling: async ({ course }) => ({ params: await inTeams(course), json: { email: `${fresh()}@example.edu` } }),
  },
  withdrawInvitation: {
    for: 'its students',
    filling: async (cast, caller) => {
      const params = await inTeams(cast.course);
      const body = { email: `${fresh()}@example.edu` };
      const invited = await callerOf(cast, caller).json(`POST /competitions/${params.slug}/team/invitations`, body);
      return { params: { ...params, id: invited.status === 200 ? (teamwork(invited).invitations[0]?.id ?? 0) : 1 } };
    },
  },
  makeTeamCode: { for: 'its students', filling: async ({ course }) => ({ params: await inTeams(course) }) },
  endTeamCode: { for: 'its students', filling: async ({ course }) => ({ params: await inTeams(course) }) },
  leaveTeam: {
    for: 'its students',
    filling: async (cast, caller) => {
      const { slug, code } = await teamOfAnother(cast);
      await callerOf(cast, caller).call(`POST /competitions/${slug}/team-codes/${code}`);
      return { params: { slug } };
    },
  },
  acceptInvitation: { for: 'its students', filling: invitation },
  declineInvitation: { for: 'its students', filling: invitation },
  getTeamCode: { for: 'its students', filling: async (cast) => ({ params: await teamOfAnother(cast) }) },
  joinTeam: { for: 'its students', filling: async (cast) => ({ params: await teamOfAnother(cast) }) },
  listTeams: { for: 'its staff' },
  moveStudent: {
    for: 'its staff',
    filling: async (cast) => {
      const { slug } = await teamOfAnother(cast);
      const list = TeamList.parse((await cast.course.ta.call(`GET /competitions/${slug}/teams`)).body);
      return { params: { slug }, json: { userId: cast.student.id, teamId: list.teams[0]?.id ?? 0 } };
    },
  },
  mergeTeams: {
    for: 'its staff',
    filling: async (cast) => {
      const { slug } = await teamOfAnother(cast);
      await cast.student.call(`POST /competitions/${slug}/team/code`);
      const list = TeamList.parse((await cast.course.ta.call(`GET /competitions/${slug}/teams`)).body);
      const [one, two] = list.teams;
      return { params: { slug }, json: { fromTeamId: one?.id ?? 0, intoTeamId: two?.id ?? 0 } };
    },
  },
};

async function inTeams(course: Cast['course']): Promise<{ slug: string }> {
  return { slug: await makeCompetition(course, { settings: { maxTeamSize: 4 } }) };
}

/** A team of a student whom nobody of the cast is. */
async function teamOfAnother({ course }: Cast): Promise<{ slug: string; code: string }> {
  const { slug } = await inTeams(course);
  const other = await course.add('student');
  const made = teamwork(await other.call(`POST /competitions/${slug}/team/code`));
  return { slug, code: made.code ?? '' };
}

/** Of such a team, to whoever calls. */
async function invitation(cast: Cast, caller: Caller): Promise<Filling> {
  const { slug } = await inTeams(cast.course);
  const other = await cast.course.add('student');
  const body = { email: callerOf(cast, caller).email };
  const invited = teamwork(await other.json(`POST /competitions/${slug}/team/invitations`, body));
  return { params: { slug, id: invited.invitations[0]?.id ?? 0 } };
}

/** Of nobody, the student: what is to be refused needs to be there, too. */
function callerOf({ person, student }: Cast, caller: Caller): Person {
  return person(caller) ?? student;
}

function teamwork({ body }: { body: unknown }): Teamwork {
  return Teamwork.parse(body);
}
