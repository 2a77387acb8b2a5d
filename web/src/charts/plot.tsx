import type { ReactNode } from 'react';
import classes from './charts.module.css';
import { linearScale, type Pair, type Scale } from './scale.ts';
import { useWidth } from './use-width.ts';

interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Axis {
  readonly domain: Pair;
  readonly ticks: readonly Tick[];
  readonly title: string;
}

/** What is drawn in a plot is drawn with these. */
export interface Drawing {
  readonly x: Scale;
  readonly y: Scale;
  /** Of the area between the axes, in pixels. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Props {
  readonly x: Axis;
  readonly y: Axis;
  /** Whether the least value of y is at the top, as ranks are. */
  readonly downwards?: boolean;
  readonly height?: number;
  /** Room for names at the right. */
  readonly right?: number;
  /** Where the pointer is, as a value of x; undefined: elsewhere. */
  readonly onPoint?: (x: number | undefined) => void;
  readonly children: (drawing: Drawing) => ReactNode;
}

const TOP = 22;
const BOTTOM = 42;
const LEFT = 58;

/** Axes, their titles, a grid, and what is drawn between them; as wide as its place. Its meaning is told by the figure around it. */
export function Plot({ x, y, downwards = false, height = 260, right = 12, onPoint, children }: Props) {
  const { ref, width } = useWidth();
  const area = { left: LEFT, right: Math.max(LEFT + 10, width - right), top: TOP, bottom: height - BOTTOM };
  const drawing: Drawing = {
    ...area,
    x: linearScale(x.domain, [area.left, area.right]),
    y: linearScale(y.domain, downwards ? [area.top, area.bottom] : [area.bottom, area.top]),
  };
  const xAt = linearScale([area.left, area.right], x.domain);
  return (
    <div ref={ref} className={classes.plot} style={{ height }}>
      {width === 0 ? null : (
        <svg
          width={width}
          height={height}
          aria-hidden="true"
          focusable="false"
          onPointerMove={(event) => onPoint?.(xAt(event.clientX - event.currentTarget.getBoundingClientRect().left))}
          onPointerLeave={() => onPoint?.(undefined)}
        >
          {y.ticks.map(({ at, text }) => (
            <g key={at}>
              <line className={classes.grid} x1={area.left} x2={area.right} y1={drawing.y(at)} y2={drawing.y(at)} />
              <text className={classes.tick} x={area.left - 8} y={drawing.y(at)} dy="0.32em" textAnchor="end">
                {text}
              </text>
            </g>
          ))}
          {apart(x.ticks, drawing.x).map(({ at, text }) => (
            <text
              key={at}
              className={classes.tick}
              x={Math.min(drawing.x(at), width - halfWidth(text))}
              y={area.bottom + 18}
              textAnchor="middle"
            >
              {text}
            </text>
          ))}
          <line className={classes.base} x1={area.left} x2={area.right} y1={area.bottom} y2={area.bottom} />
          <text className={classes.axisTitle} x={0} y={10}>
            {y.title}
          </text>
          <text className={classes.axisTitle} x={area.right} y={height - 4} textAnchor="end">
            {x.title}
          </text>
          {children(drawing)}
        </svg>
      )}
    </div>
  );
}

/** About what a character of a tick is wide, in pixels. */
const CHARACTER = 6.2;

/** Of the ticks of x those that don't run into each other, or say the same as the one before. */
function apart(ticks: readonly Tick[], x: Scale): Tick[] {
  const kept: Tick[] = [];
  let end = -Infinity;
  for (const tick of ticks) {
    const half = halfWidth(tick.text);
    if (x(tick.at) - half < end || tick.text === kept.at(-1)?.text) continue;
    kept.push(tick);
    end = x(tick.at) + half + 10;
  }
  return kept;
}

function halfWidth(text: string): number {
  return (text.length * CHARACTER) / 2;
}
