import {
  kaggleGetCompetition,
  kaggleListCompetitionPages,
  kaggleListCompetitions,
  type KaggleCompetition,
} from '../../core/contract/kaggle.ts';
import { atLeast, principalOf, roleIn } from '../auth/guard.ts';
import type { Principal } from '../auth/principals.ts';
import { maySee, type Access } from '../competitions/access.ts';
import { listFull } from '../competitions/cache.ts';
import { choosePhase } from '../competitions/phases.ts';
import { competitionView } from '../competitions/view.ts';
import { datesOf, type DatesByPhase } from '../dates/mine.ts';
import type { App } from '../http/app-type.ts';
import { originOf } from '../http/origin.ts';
import { isCrowd } from '../leaderboard/access.ts';
import type { Services } from '../services.ts';
import { accessNamed } from './access.ts';
import { pagesOf } from './pages.ts';
import { pageOf } from './paging.ts';

export function kaggleCompetitionRoutes(app: App, services: Services): void {
  const view = async (principal: Principal, granted: Access, mine: DatesByPhase, origin: string) =>
    await inKaggleForm(services, principal, granted, mine, origin);

  app.route({
    ...kaggleListCompetitions,
    handler: async (request) => {
      const principal = principalOf(request);
      const { search, group } = request.body;
      const seen = (await listSeen(services, principal)).filter(({ competition: { slug, title } }) =>
        `${slug} ${title}`.toLowerCase().includes(search.trim().toLowerCase()),
      );
      const entered = /entered/i.test(group) ? await enteredBy(services, principal) : undefined;
      const wanted = seen.filter(({ competition: { id } }) => entered?.has(id) ?? true);
      // Each takes a look at its board.
      const pageSize = Math.min(request.body.pageSize, 100);
      const { items, nextPageToken } = pageOf(wanted, { ...request.body, pageSize }, 20);
      const mine = await myDates(services, principal, items);
      const competitions = await Promise.all(
        items.map(async (granted) => await view(principal, granted, mine, originOf(request, services.config))),
      );
      return { competitions, nextPageToken };
    },
  });

  app.route({
    ...kaggleGetCompetition,
    handler: async (request) => {
      const principal = principalOf(request);
      const granted = await accessNamed(services, principal, request.body.competitionName);
      return await view(
        principal,
        granted,
        await myDates(services, principal, [granted]),
        originOf(request, services.config),
      );
    },
  });

  app.route({
    ...kaggleListCompetitionPages,
    handler: async (request) => {
      const principal = principalOf(request);
      const granted = await accessNamed(services, principal, request.body.competitionName);
      const mine = await myDates(services, principal, [granted]);
      const pages = pagesOf(competitionView(granted, services.clock.now(), mine));
      const { pageName } = request.body;
      return { pages: pageName === '' ? pages : pages.filter(({ name }) => name === pageName.toLowerCase()) };
    },
  });
}

async function listSeen({ db }: Services, principal: Principal): Promise<Access[]> {
  const courseIds = principal.isAdmin ? undefined : principal.roles.map(({ courseId }) => courseId);
  return (await listFull(db, courseIds)).flatMap((competition) => {
    const role = roleIn(principal, competition.courseId);
    return role && maySee(competition, role) ? [{ competition, role, isStaff: atLeast(role, 'ta') }] : [];
  });
}

async function enteredBy({ db }: Services, { userId }: Principal): Promise<ReadonlySet<number>> {
  const entered = await db.prisma.teamMember.findMany({ where: { userId }, select: { competitionId: true } });
  return new Set(entered.map(({ competitionId }) => competitionId));
}

async function myDates({ db }: Services, principal: Principal, seen: readonly Access[]): Promise<DatesByPhase> {
  const asStudent = seen.filter(({ isStaff }) => !isStaff).map(({ competition }) => competition.id);
  return await datesOf(db.pool, principal, asStudent);
}

async function inKaggleForm(
  services: Services,
  { userId }: Principal,
  granted: Access,
  mine: DatesByPhase,
  origin: string,
): Promise<KaggleCompetition> {
  const now = services.clock.now();
  const { competition } = granted;
  const { slug, title, course, primaryMetric, phases } = competitionView(granted, now, mine);
  const full = choosePhase(competition, now, undefined);
  const phase = phases.find((each) => each.slug === full.slug);
  const { snapshot } = await services.boards.current(full.id, 'public');
  const teamId = snapshot.teamOfUser.get(userId);
  const isShown = isCrowd(granted, snapshot.rankedTeams);
  const rank = isShown ? snapshot.rowOfTeam.get(teamId ?? 0)?.rank : undefined;
  const url = `${origin}/competitions/${slug}`;
  const deadline = phase?.mine?.dueAt ?? phase?.dueAt;
  return {
    id: competition.id,
    ref: url,
    url,
    title,
    description: title,
    organizationName: competition.course.title,
    category: course,
    reward: '',
    tags: [],
    ...(deadline && { deadline }),
    kernelCount: 0,
    teamCount: isShown ? snapshot.rankedTeams : 0,
    userHasEntered: teamId !== undefined,
    ...(typeof rank === 'number' && { userRank: rank }),
    maxDailySubmissions: full.dailyLimit ?? 0,
    maxTeamSize: competition.maxTeamSize,
    evaluationMetric: primaryMetric,
    isKernelsSubmissionsOnly: false,
    submissionsDisabled: phase?.status !== 'open',
    ...(competition.teamsLockAt && { mergerDeadline: competition.teamsLockAt.toISOString() }),
    ...(phase?.opensAt && { enabledDate: phase.opensAt }),
  };
}
