import { setTimeout as sleep } from 'node:timers/promises';
import { Leaderboard } from '../../core/contract/leaderboard.ts';
import { createLog } from '../../core/log.ts';
import { createChangeSender } from '../../core/queue/changes.ts';
import { digitsFile } from '../support/competitions.ts';
import { load, type LoadResult } from './load.ts';
import { makeClass, type Class } from './people.ts';
import { median, percentile, type Report } from './report.ts';
import { startNode, startStack, type Stack } from './stack.ts';

const teams = 2_000;
const submissionsPerTeam = 100;
const connections = 10;
const seconds = 3;
const rounds = 3;

/** The leaderboard of a large competition: how fast it is read, and how soon a new score is on it. */
export async function benchBoard(report: Report): Promise<void> {
  report.suite(
    `leaderboard of ${teams.toLocaleString('en-US')} teams and ${(teams * submissionsPerTeam).toLocaleString('en-US')} submissions`,
  );
  const stack = await startStack({ worker: true });
  const empty = await startNode('tests/bench/bare/empty.ts');
  try {
    const competition = await makeClass(stack, { key: await digitsFile('solution.csv'), students: teams, teams });
    await fillBoard(stack, competition);
    await benchReads(report, stack, competition, empty.url);
    await benchRebuild(report, stack, competition);
  } finally {
    await empty.stop();
    await stack.stop();
  }
}

async function benchReads(report: Report, stack: Stack, { slug, token }: Class, emptyUrl: string): Promise<void> {
  const url = `${stack.url}/api/v1/competitions/${slug}/leaderboard?limit=100`;
  const authorization = `Bearer ${token(1_500)}`;
  // As every browser does.
  const asBrowser = { authorization, 'accept-encoding': 'gzip' };
  const first = await fetch(url, { headers: asBrowser });
  const board = Leaderboard.parse(await first.json());
  if (board.rows.length !== 100 || board.teams !== teams || board.me === null)
    throw new Error('not the board that was filled');
  const etag = first.headers.get('etag') ?? '';

  const full: LoadResult[] = [];
  const plain: LoadResult[] = [];
  const unchanged: LoadResult[] = [];
  const bare: LoadResult[] = [];
  // By turns, so that what else runs on the machine meets all alike.
  for (let round = 0; round <= rounds; round++) {
    const results = [
      await load({ url: `${emptyUrl}/empty`, connections, seconds, status: 200 }),
      await load({ url, headers: asBrowser, connections, seconds, status: 200 }),
      await load({ url, headers: { ...asBrowser, 'if-none-match': etag }, connections, seconds, status: 304 }),
      await load({ url, headers: { authorization }, connections, seconds, status: 200 }),
    ] as const;
    // The first round warms up.
    if (round === 0) continue;
    bare.push(results[0]);
    full.push(results[1]);
    unchanged.push(results[2]);
    plain.push(results[3]);
  }
  const rate = (results: readonly LoadResult[]) => median(results.map(({ perSecond }) => perSecond));
  const latency = (results: readonly LoadResult[], p: number) =>
    median(results.map(({ latencies }) => percentile(latencies, p)));
  const peer = { name: 'empty Fastify route', value: rate(bare) };
  const ratio = rate(full) / rate(bare);
  report.add({
    name: 'top 100 with own rank',
    value: rate(full),
    unit: '/s',
    peer,
    target: { text: '≥ 0.33×', met: ratio >= 1 / 3 },
  });
  report.add({ name: 'the same, not compressed', value: rate(plain), unit: '/s', peer });
  report.add({ name: 'the same, unchanged (304)', value: rate(unchanged), unit: '/s', peer });
  report.add({
    name: 'top 100, p50',
    value: latency(full, 50),
    unit: 'ms',
    peer: { name: 'empty, p50', value: latency(bare, 50) },
  });
  const p99 = latency(full, 99);
  report.add({
    name: 'top 100, p99',
    value: p99,
    unit: 'ms',
    peer: { name: 'empty, p99', value: latency(bare, 99) },
    target: { text: '< 10 ms', met: p99 < 10 },
  });
  report.note(
    `${connections} connections from one client process on the same cores; answers of ${kilobytes(full)} kB, not compressed ${kilobytes(plain)} kB, empty ones of 0.`,
  );
}

function kilobytes([first]: readonly LoadResult[]): string {
  return ((first?.bodyBytes ?? 0) / 1000).toFixed(1);
}

/** Changes a team's kept score and tells of it as a worker does, then reads the board until the score is on it. */
async function benchRebuild(
  report: Report,
  { url, db, redisUrl }: Stack,
  { slug, token, phaseId }: Class,
): Promise<void> {
  const { pool } = db;
  const changes = createChangeSender({
    url: redisUrl,
    prefix: 'topk',
    log: createLog({ name: 'bench', level: 'silent' }),
  });
  const times: number[] = [];
  try {
    for (let round = 0; round < 20; round++) {
      // Not within the pause that a board makes between two readings.
      await sleep(150);
      const value = 2 + round;
      const authorization = `Bearer ${token(round + 1)}`;
      await pool.query(
        `update standing set value = $3 from team where team.id = standing.team_id and team.pseudonym = $2 and phase_id = $1 and board = 'public'`,
        [phaseId, `Brisk Bench ${round + 1}`, value],
      );
      const changedMs = performance.now();
      changes.send({ kind: 'submission', submissionId: 1, phaseId, state: 'scored', board: true });
      for (;;) {
        const answer = await fetch(`${url}/api/v1/competitions/${slug}/leaderboard?limit=1`, {
          headers: { authorization },
        });
        const { me } = Leaderboard.parse(await answer.json());
        if (me?.value === value) break;
      }
      times.push(performance.now() - changedMs);
    }
  } finally {
    changes.close();
  }
  report.add({ name: 'a new score, until it is on the board', value: median(times), unit: 'ms' });
}

/** Submissions as if all had been scored long ago, and each team's standing from its best. */
async function fillBoard({ db }: Stack, { competitionId, phaseId }: Class): Promise<void> {
  const { pool } = db;
  await pool.query(
    `insert into submission (phase_id, team_id, user_id, file_name, file_hash, file_bytes, received_at, state, priority, attempt, finished_at,
                             public_value, private_value, scores)
     select $2, team_member.team_id, team_member.user_id, 'predictions.csv', repeat('0', 64), 16780, now() - n * interval '1 minute', 'scored', 1, 1, now(),
            public_hits / 358.0, private_hits / 439.0,
            jsonb_build_object(
              'public', jsonb_build_object('top1', score(public_hits, 358), 'top5', score(public_hits, 358)),
              'private', jsonb_build_object('top1', score(private_hits, 439), 'top5', score(private_hits, 439)))
     from team_member
     cross join generate_series(1, $3::int) n
     cross join lateral (
       select floor(random() * 358 + n * 0)::int as public_hits, floor(random() * 439 + n * 0)::int as private_hits
     ) drawn
     where team_member.competition_id = $1`
      // A metric's score as the scorer writes it.
      .replaceAll(
        /score\((\w+), (\d+)\)/g,
        `jsonb_build_object('value', $1 / $2.0::float8, 'rows', $2, 'hits', $1, 'low', $1 / $2.0::float8 * 0.97, 'high', $1 / $2.0::float8 * 1.02)`,
      ),
    [competitionId, phaseId, submissionsPerTeam],
  );
  await pool.query(
    `insert into standing (phase_id, board, team_id, submission_id, value, received_at)
     select distinct on (board, team_id) phase_id, board, team_id, id, value, received_at
     from submission
     cross join lateral (values ('public'::board, public_value), ('private', private_value)) best (board, value)
     where phase_id = $1
     order by board, team_id, value desc, received_at, id`,
    [phaseId],
  );
  await pool.query('analyze');
}
