import { z } from 'zod';
import { json, type Client } from './client.ts';

const dayMs = 86_400_000;

/** The same dates for each competition of the demo: open since yesterday, due in two weeks; late for two days more, for 1 % per started hour, as DS 542 has it. */
export function demoDates() {
  const opensAt = new Date(Date.now() - dayMs).toISOString();
  return { opensAt, ...nextDates(), latePolicy: { kind: 'percent', percent: 1, per: 'hour' } } as const;
}

/** Makes it where it is not there. */
export async function ensureCompetition(
  instructor: Client,
  competition: { readonly slug: string; readonly [setting: string]: unknown },
): Promise<void> {
  const { slug } = competition;
  const existing = await instructor(`GET /competitions/${slug}`, undefined, [404]);
  if (existing.status === 404) await instructor('POST /competitions', json(competition));
  else await keepOpen(instructor, slug);
}

/** A demo that was set up weeks ago should still take submissions. */
export async function keepOpen(instructor: Client, slug: string): Promise<void> {
  const { body } = await instructor(`GET /competitions/${slug}`);
  if (Dated.parse(body).phases.every((phase) => phase.status === 'closed'))
    await instructor(`PATCH /competitions/${slug}`, json(nextDates()));
}

/** The titles of the baselines on the board. */
export async function baselinesOf(instructor: Client, slug: string): Promise<string[]> {
  const { body } = await instructor(`GET /competitions/${slug}/leaderboard`);
  return Board.parse(body)
    .rows.filter((row) => row.baseline)
    .map((row) => row.name);
}

const Dated = z.object({ phases: z.array(z.object({ status: z.string() })) });
const Board = z.object({ rows: z.array(z.object({ name: z.string(), baseline: z.boolean() })) });

/** In two weeks at 23:59 in New York, give or take what daylight saving time does to 4:59 UTC, and two days after that. */
function nextDates() {
  const at = (days: number) => `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)}T04:59:00.000Z`;
  return { dueAt: at(14), lateUntil: at(16) };
}
