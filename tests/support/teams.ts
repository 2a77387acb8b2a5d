import { Teamwork } from '../../core/contract/teamwork.ts';
import { TeamList } from '../../core/contract/team-staff.ts';
import type { Answer, Client } from './client.ts';
import type { TestCourse } from './people.ts';

/** Short ways to deal with the teams of a competition; each throws where it is refused. */
export interface Teams {
  of(person: Client): Promise<Teamwork>;
  invite(person: Client, email: string, merge?: boolean): Promise<Answer>;
  /** The open invitation that a person got first; 0: there is none. */
  firstOf(person: Client): Promise<number>;
  /** Their first open one, or the one that is named. */
  accept(person: Client, id?: number): Promise<Answer>;
  join(person: Client, code: string): Promise<Answer>;
  leave(person: Client): Promise<Answer>;
  /** A code of the person's team. */
  code(person: Client): Promise<string>;
  /** Puts all into the team of the first. */
  together(...people: Client[]): Promise<void>;
  list(): Promise<TeamList>;
}

export function teamsOf({ ta }: TestCourse, slug: string): Teams {
  const url = `/competitions/${slug}`;
  const read = (answer: Answer) => {
    if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
    return Teamwork.parse(answer.body);
  };
  const of = async (person: Client) => read(await person.call(`GET ${url}/teamwork`));
  const join = async (person: Client, code: string) => await person.call(`POST ${url}/team-codes/${code}`);
  const code = async (person: Client) => read(await person.call(`POST ${url}/team/code`)).code ?? '';
  const firstOf = async (person: Client) => (await of(person)).received[0]?.id ?? 0;
  return {
    of,
    join,
    code,
    invite: async (person, email, merge = false) => await person.json(`POST ${url}/team/invitations`, { email, merge }),
    firstOf,
    accept: async (person, id) => await person.call(`POST ${url}/invitations/${id ?? (await firstOf(person))}/accept`),
    leave: async (person) => await person.call(`POST ${url}/team/leave`),
    together: async (first, ...others) => {
      const shared = await code(first);
      for (const other of others) read(await join(other, shared));
      await first.call(`DELETE ${url}/team/code`);
    },
    list: async () => TeamList.parse((await ta.call(`GET ${url}/teams`)).body),
  };
}
