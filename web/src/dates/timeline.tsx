import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { linearScale, type Pair } from '../charts/scale.ts';
import { useWidth } from '../charts/use-width.ts';
import { formatInstant, formatRelative } from '../format/time.ts';
import { useNow } from '../ui/instant.tsx';
import { laterBy, midnights, type TimelineMark, timelineDomain } from './time-marks.ts';
import classes from './timeline.module.css';

interface Props {
  readonly label: string;
  readonly timeZone: string;
  /** From top to bottom. */
  readonly marks: readonly TimelineMark[];
  /** Which of them can be moved, and what does it. */
  readonly movable?: ReadonlySet<string>;
  readonly onMove?: (name: string, at: string) => void;
}

/** Dates on one axis of time, a line each, by the clock of a zone. What can be moved is moved by dragging or by arrow keys: by days, with Shift by hours. */
export function Timeline({ label, timeZone, marks, movable, onMove }: Props) {
  const now = useNow();
  const { ref, width } = useWidth();
  const fitted = timelineDomain(
    marks.map(({ at }) => at),
    now,
  );
  // While a mark is dragged the axis stands still: it would flee from the pointer.
  const [held, hold] = useState<Pair>();
  const domain = held ?? fitted;
  const place = linearScale(domain, [0, 100]);
  const percent = (ms: number) => `${Math.min(100, Math.max(0, place(ms)))}%`;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, month: 'short', day: 'numeric' });
  const isNowShown = now >= domain[0] && now <= domain[1];
  return (
    <div className={classes.timeline} role="group" aria-label={label}>
      <ul className={classes.rows}>
        {marks.map((mark) => (
          <li key={mark.name} className={classes.row} data-bad={mark.error !== undefined || undefined}>
            <div>
              <span className="label">{mark.title}</span>
              <span className={classes.when}>
                {mark.at === null ? (
                  <span className="dim">{mark.none}</span>
                ) : (
                  <>
                    {formatInstant(mark.at, timeZone, now)}{' '}
                    <span className="dim">({formatRelative(mark.at, now)})</span>
                  </>
                )}
              </span>
              {mark.error === undefined ? null : <span className={classes.error}>{mark.error}</span>}
            </div>
            <div className={classes.track}>
              {isNowShown ? <span className={classes.now} style={{ left: percent(now) }} /> : null}
              {mark.at === null ? null : (
                <Mark
                  mark={mark}
                  at={mark.at}
                  now={now}
                  left={percent(Date.parse(mark.at))}
                  domain={domain}
                  timeZone={timeZone}
                  onHold={(holds) => hold(holds ? domain : undefined)}
                  onMove={
                    onMove === undefined || movable?.has(mark.name) !== true ? undefined : (at) => onMove(mark.name, at)
                  }
                />
              )}
            </div>
          </li>
        ))}
      </ul>
      <div className={classes.row} aria-hidden="true">
        <div />
        <div ref={ref} className={classes.axis}>
          {width === 0
            ? null
            : midnights(domain, Math.max(2, Math.floor(width / 80)), timeZone).map((at) => (
                <span key={at} style={{ left: percent(at) }}>
                  {format.format(at)}
                </span>
              ))}
        </div>
      </div>
      <p className={`dim ${classes.hint}`}>
        {isNowShown ? 'The line through all rows is now. ' : null}
        {onMove === undefined ? null : 'Drag a mark, or use the arrow keys on it: by days, with Shift by hours.'}
      </p>
    </div>
  );
}

interface MarkProps {
  readonly mark: TimelineMark;
  readonly at: string;
  readonly now: number;
  readonly left: string;
  readonly domain: Pair;
  readonly timeZone: string;
  readonly onHold: (holds: boolean) => void;
  readonly onMove: ((at: string) => void) | undefined;
}

function Mark({ mark, at, now, left, domain, timeZone, onHold, onMove }: MarkProps) {
  /** Where the drag began, and what the date was there. */
  const start = useRef<{ x: number; at: string }>(undefined);
  if (onMove === undefined) return <span className={classes.mark} data-fixed="true" style={{ left }} />;
  const keyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(laterBy(at, event.shiftKey ? { hours: Math.sign(step.days) } : step, timeZone));
  };
  const down = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, at };
    onHold(true);
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const width = event.currentTarget.parentElement?.clientWidth ?? 0;
    if (start.current === undefined || width === 0) return;
    const hours = (((event.clientX - start.current.x) / width) * (domain[1] - domain[0])) / 3_600_000;
    const by = event.shiftKey ? { hours: Math.round(hours) } : { days: Math.round(hours / 24) };
    const next = laterBy(start.current.at, by, timeZone);
    if (next !== at) onMove(next);
  };
  const up = () => {
    start.current = undefined;
    onHold(false);
  };
  return (
    <span
      className={classes.mark}
      style={{ left }}
      role="slider"
      tabIndex={0}
      aria-label={`${mark.title}, on the line`}
      aria-valuemin={domain[0]}
      aria-valuemax={domain[1]}
      aria-valuenow={Date.parse(at)}
      aria-valuetext={[formatInstant(at, timeZone, now), formatRelative(at, now), mark.error]
        .filter((part) => part !== undefined)
        .join(', ')}
      onKeyDown={keyDown}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
    />
  );
}

const steps: Readonly<Record<string, { readonly days: number }>> = {
  ArrowLeft: { days: -1 },
  ArrowDown: { days: -1 },
  ArrowRight: { days: 1 },
  ArrowUp: { days: 1 },
  PageDown: { days: -7 },
  PageUp: { days: 7 },
};
