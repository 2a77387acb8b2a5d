import { Skeleton } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type BoardHistory, getBoardHistory } from '../../../core/contract/board-history.ts';
import { call } from '../api/call.ts';
import { ChartFigure } from '../charts/chart-figure.tsx';
import classes from '../charts/charts.module.css';
import { type Drawing, Plot } from '../charts/plot.tsx';
import { domainOf, ticksOf } from '../charts/scale.ts';
import { useCursor } from '../charts/use-cursor.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount, formatValue } from '../format/number.ts';
import { Failure } from '../ui/notice.tsx';
import { Toggles } from '../ui/toggles.tsx';
import { keyOf } from './race-colors.ts';

type Measure = 'rank' | 'score';
type Course = BoardHistory['courses'][number];

/** Below the key of the leaderboard: what changes that, changes this. */
function historyQuery({ slug, phase }: { slug: string; phase: string | undefined }) {
  return queryOptions({
    queryKey: ['leaderboard', slug, phase ?? null, 'history'],
    // The server keeps it that long.
    staleTime: 60_000,
    queryFn: ({ signal }) => call(getBoardHistory, { params: { slug }, query: { phase }, signal }),
  });
}

/** How the first teams of today, and mine, came to where they are, day by day. */
export function RacePlot() {
  const { competition, phaseSlug } = useCompetition();
  const query = useQuery(historyQuery({ slug: competition.slug, phase: phaseSlug }));
  if (query.isError) return <Failure error={query.error} title="The race could not be loaded" />;
  if (query.data === undefined) return <Skeleton height={380} aria-label="Loading the race" />;
  if (query.data.days.length === 0) return <p className="dim">There is no day to show yet.</p>;
  return <Race history={query.data} />;
}

function Race({ history }: { history: BoardHistory }) {
  const { days, metric } = history;
  const [measure, setMeasure] = useState<Measure>('rank');
  const places = days.map((_, index) => index);
  const cursor = useCursor(
    places,
    (index) => textOf(history, days[index], measure),
    'Point at a day, or use the arrow keys, to read it out.',
  );
  const runners = history.courses.filter((course) => !course.baseline);
  const valueOf = measure === 'rank' ? rankOf : scoreOf;
  const values = runners.flatMap((course) => course.days.map(valueOf));
  const y = measure === 'rank' ? ([0, Math.max(1, ...values)] as const) : domainOf(values);
  // A baseline far off would press the teams together.
  const inside = ({ days: points }: Course) => points.every(({ value }) => value >= y[0] && value <= y[1]);
  const drawn = measure === 'rank' ? runners : history.courses.filter((course) => !course.baseline || inside(course));
  const others = runners.filter(({ mine }) => !mine);
  const x = [0, Math.max(1, days.length - 1)] as const;
  return (
    <ChartFigure
      title={measure === 'rank' ? 'The race for the first ranks' : `${metric} of the first teams over time`}
      summary={`${formatCount(others.length, 'team')} that lead today${others.length < runners.length ? ', and yours' : ''}, at the end of each day.`}
      cursor={cursor}
      choices={
        <Toggles
          label="What is drawn"
          options={[
            { value: 'rank', label: 'Rank' },
            { value: 'score', label: 'Score' },
          ]}
          chosen={measure}
          onChoose={setMeasure}
        />
      }
      legend={
        <ul className={classes.legend}>
          {drawn.map((course, index) => (
            <li key={`${course.baseline} ${course.name}`} data-shape="line" style={{ '--key': keyOf(course, index) }}>
              {course.name}
              {course.mine ? ' (you)' : ''}
              {course.baseline ? ' (baseline)' : ''}
            </li>
          ))}
        </ul>
      }
      table={{
        head: ['Day', ...drawn.map(({ name }) => name)],
        rows: days.map((day) => [
          day,
          ...drawn.map((course) => {
            const point = course.days.find((each) => each.day === day);
            return point === undefined ? '–' : formatValue(measure === 'rank' ? (point.rank ?? 0) : point.value);
          }),
        ]),
      }}
    >
      <Plot
        height={320}
        downwards={measure === 'rank'}
        x={{ domain: x, ticks: places.map((at) => ({ at, text: shortDay(days[at] ?? '') })), title: 'day' }}
        y={{
          domain: y,
          ticks: measure === 'rank' ? rankTicks(y[1]) : ticksOf(y, 5).map((at) => ({ at, text: formatValue(at) })),
          title: measure === 'rank' ? 'rank' : metric,
        }}
        onPoint={cursor.onPoint}
      >
        {(drawing) => (
          <>
            {cursor.index === undefined ? null : (
              <line
                className={classes.cursor}
                x1={drawing.x(cursor.index)}
                x2={drawing.x(cursor.index)}
                y1={drawing.top}
                y2={drawing.bottom}
              />
            )}
            {drawn.map((course, index) => (
              <Runner
                key={`${course.baseline} ${course.name}`}
                course={course}
                color={keyOf(course, index)}
                drawing={drawing}
                placeOf={(day) => days.indexOf(day)}
                valueOf={valueOf}
              />
            ))}
          </>
        )}
      </Plot>
    </ChartFigure>
  );
}

interface RunnerProps {
  readonly course: Course;
  readonly color: string;
  readonly drawing: Drawing;
  readonly placeOf: (day: string) => number;
  readonly valueOf: (point: Course['days'][number]) => number;
}

function Runner({ course, color, drawing: { x, y }, placeOf, valueOf }: RunnerProps) {
  const points = course.days.map((point) => ({ day: point.day, at: x(placeOf(point.day)), up: y(valueOf(point)) }));
  const path = points
    .map(({ at, up }, index) => `${index === 0 ? 'M' : 'L'}${at.toFixed(1)} ${up.toFixed(1)}`)
    .join('');
  return (
    <g style={{ '--key': color }}>
      <path
        className={classes.runner}
        d={path}
        data-mine={course.mine || undefined}
        data-baseline={course.baseline || undefined}
      />
      {course.baseline
        ? null
        : points.map(({ day, at, up }) => <circle key={day} className={classes.step} cx={at} cy={up} r={3} />)}
    </g>
  );
}

/** Ranks are drawn by their logarithm: from 1 to 2 is as far as from 100 to 200, and mine may be far from the first ones. */
function rankOf({ rank }: Course['days'][number]): number {
  return Math.log10(rank ?? 1);
}

function scoreOf({ value }: Course['days'][number]): number {
  return value;
}

function rankTicks(last: number): { at: number; text: string }[] {
  const ranks = [0, 1, 2, 3, 4].flatMap((power) => [1, 2, 5].map((factor) => factor * 10 ** power));
  return ranks
    .map((rank) => ({ at: Math.log10(rank), text: rank.toLocaleString('en-US') }))
    .filter(({ at }) => at <= last + 1e-9);
}

/** A day's board as far as it is drawn, best first. */
function textOf({ courses }: BoardHistory, day: string | undefined, measure: Measure): string {
  if (day === undefined) return '';
  const places = courses
    .filter((course) => !course.baseline)
    .flatMap(({ name, days }) => {
      const point = days.find((each) => each.day === day);
      return point === undefined || point.rank === null ? [] : [{ name, rank: point.rank, value: point.value }];
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, 5);
  return `${shortDay(day)}: ${places.map(({ name, rank, value }) => (measure === 'rank' ? `${rank} ${name}` : `${name} ${formatValue(value)}`)).join(', ')}`;
}

const dayFormat = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });

function shortDay(day: string): string {
  return day === '' ? '' : dayFormat.format(new Date(`${day}T00:00:00Z`));
}
