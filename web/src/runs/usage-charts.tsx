import type { Run, RunSample } from '../../../core/contract/runs.ts';
import { formatMemory } from '../format/number.ts';
import { formatDuration } from '../format/time.ts';
import { areaPath, curvePath, type CurvePoint } from './sparkline.ts';
import classes from './runs.module.css';

const MIB = 2 ** 20;
const WIDTH = 300;
const HEIGHT = 56;

/** What a run uses, or used, second by second, each against its limit. */
export function UsageCharts({ run }: { run: Run }) {
  const { samples, limits } = run;
  if (samples.length === 0) return null;
  const gpus = Math.max(1, limits.gpus);
  const hasGpu = limits.gpus > 0 || samples.some(({ gpu }) => gpu !== undefined);
  return (
    <div className={classes.charts}>
      <Chart
        title="Memory"
        points={pointsOf(samples, ({ memory }) => memory)}
        limit={limits.memoryMiB * MIB}
        format={formatMemory}
      />
      <Chart
        title="CPU"
        points={pointsOf(samples, ({ cpu }) => cpu)}
        limit={limits.cpus}
        format={formatDevices}
        unit="CPU"
      />
      {hasGpu ? (
        <Chart
          title="GPU"
          points={pointsOf(samples, ({ gpu }) => gpu)}
          limit={gpus}
          format={formatDevices}
          unit="GPU"
        />
      ) : null}
      <Chart title="GPU memory" points={pointsOf(samples, ({ gpuMemory }) => gpuMemory)} format={formatMemory} />
    </div>
  );
}

interface ChartProps {
  readonly title: string;
  readonly points: readonly CurvePoint[];
  /** Missing: it is bounded by what the device has alone. */
  readonly limit?: number;
  readonly format: (value: number) => string;
  /** Of the limit, where `format` brings none. */
  readonly unit?: string;
}

function Chart({ title, points, limit, format, unit = '' }: ChartProps) {
  const last = points.at(-1);
  if (last === undefined) return null;
  const peak = points.reduce((most, { value }) => Math.max(most, value), 0);
  const frame = {
    width: WIDTH,
    height: HEIGHT,
    maxT: Math.max(last.t, 1),
    maxValue: Math.max(limit ?? 0, peak, Number.MIN_VALUE) * 1.06,
  };
  const limitY = limit === undefined ? undefined : (HEIGHT * (1 - limit / frame.maxValue)).toFixed(1);
  const of = limit === undefined ? '' : ` of ${format(limit)} ${unit}`;
  const summary =
    `${title} over ${formatDuration(last.t)}: now ${format(last.value)}, at most ${format(peak)}${of}`.trim();
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.chartHead}>
        <span className="label">{title}</span>
        <span className="num">
          {format(peak)}{' '}
          {limit === undefined ? null : (
            <span className="dim">
              of {format(limit)}
              {unit === '' ? '' : ` ${limit === 1 ? unit : `${unit}s`}`}
            </span>
          )}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        <path className={classes.area} d={areaPath(points, frame)} />
        {limitY === undefined ? null : <path className={classes.limitLine} d={`M0 ${limitY}H${WIDTH}`} />}
        <path className={classes.curve} d={curvePath(points, frame)} />
      </svg>
    </figure>
  );
}

function pointsOf(samples: readonly RunSample[], valueOf: (sample: RunSample) => number | undefined): CurvePoint[] {
  return samples.flatMap((sample) => {
    const value = valueOf(sample);
    return value === undefined ? [] : [{ t: sample.t, value }];
  });
}

function formatDevices(busy: number): string {
  return busy.toLocaleString('en-US', { maximumFractionDigits: 1 });
}
