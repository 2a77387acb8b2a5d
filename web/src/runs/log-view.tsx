import { memo, type UIEvent, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { formatCount } from '../format/number.ts';
import type { LogFeed } from './log-feed.ts';
import type { LogSnapshot } from './log-lines.ts';
import classes from './log-view.module.css';

interface Props {
  readonly feed: LogFeed;
  /** It may grow: what stands below must not move with each line. */
  readonly live: boolean;
  /** What stands here while nothing was printed. */
  readonly empty: string;
  /** Where the whole log is, once there is one. */
  readonly wholeUrl: string | undefined;
}

/** So near to the end counts as being there: zoomed pages scroll by fractions. */
const NEAR_END_PX = 24;

/**
 * A log as a terminal would show it. It follows the end until it is scrolled up; then it stands still, however much is printed, until it is
 * scrolled back. It is no live region: a screen reader would read nothing else any more.
 */
export function LogView({ feed, live, empty, wholeUrl }: Props) {
  const newest = useSyncExternalStore(feed.subscribe, feed.snapshot);
  const [held, setHeld] = useState<LogSnapshot>();
  const box = useRef<HTMLDivElement>(null);
  const shown = held ?? newest;

  // After every drawing, since each may have made it longer.
  useLayoutEffect(() => {
    if (held === undefined && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  });

  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: UIEvent) => {
    const atEnd = scrollHeight - scrollTop - clientHeight <= NEAR_END_PX;
    if (atEnd) setHeld(undefined);
    else setHeld((before) => before ?? newest);
  };

  const fresh = newest.lines - shown.lines;
  return (
    <div className={classes.frame} data-live={live || undefined}>
      {shown.trimmed > 0 ? (
        <p className={classes.note}>
          The first {formatCount(shown.trimmed, 'line')} are not shown here.{' '}
          {wholeUrl === undefined ? (
            'The whole log can be opened at the end.'
          ) : (
            <a href={wholeUrl}>Open the whole log</a>
          )}
        </p>
      ) : null}
      <div
        ref={box}
        className={classes.log}
        role="region"
        aria-label="Log"
        // It scrolls, so it must be reached by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={onScroll}
        data-testid="log"
      >
        {shown.blocks.length === 0 ? <p className={classes.empty}>{empty}</p> : null}
        {shown.blocks.map(({ key, text }) => (
          <Block key={key} text={text} />
        ))}
      </div>
      {held === undefined ? null : (
        <button type="button" className={classes.jump} onClick={() => setHeld(undefined)}>
          {fresh > 0 ? `${formatCount(fresh, 'new line')} ` : 'Jump to the end '}
          <span aria-hidden="true">↓</span>
        </button>
      )}
    </div>
  );
}

const Block = memo(({ text }: { text: string }) => <pre className={classes.block}>{text}</pre>);
Block.displayName = 'Block';
