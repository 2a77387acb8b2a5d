import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { QueueItem } from '../../../core/contract/staff-queue.ts';
import { formatCount } from '../format/number.ts';
import { Ago } from '../ui/instant.tsx';
import badge from '../ui/state-badge.module.css';
import { isSettled, kindWords } from './kinds.ts';
import classes from './queue.module.css';

interface Props {
  readonly item: QueueItem;
  readonly timeZone: string;
  readonly onOpen: () => void;
  readonly onSettle: () => void;
}

/** One thing that needs somebody: what, whose, where, since when; its link leads to where it is done. */
export function QueueLine({ item, timeZone, onOpen, onSettle }: Props) {
  const { kind, who, team, text, since, count } = item;
  const { one, tone } = kindWords[kind];
  return (
    <li className={classes.line}>
      <span className={badge['badge']} data-tone={tone}>
        {one}
      </span>
      <div className={classes.what}>
        <p>
          <ItemLink item={item} onOpen={onOpen} />{' '}
          <span className="dim">{team === null || team === who ? '' : team}</span>
        </p>
        <p className={classes.text}>
          {kind === 'flagged' && count > 1 ? `${formatCount(count, 'submission')}. ` : ''}
          {text}
        </p>
        <p className={`dim ${classes.place}`}>
          {item.competitionTitle}
          {item.phaseTitle === item.competitionTitle ? '' : `, ${item.phaseTitle}`} ·{' '}
          <Ago at={since} timeZone={timeZone} />
        </p>
      </div>
      {isSettled(kind) ? (
        <Button
          className={classes.settle ?? ''}
          variant="default"
          size="xs"
          aria-label={`Done: ${one}, ${who}`}
          onClick={onSettle}
        >
          Done
        </Button>
      ) : null}
    </li>
  );
}

function ItemLink({
  item: { key, kind, competition: slug, phase, who, submissionId, userId },
  onOpen,
}: Pick<Props, 'item' | 'onOpen'>) {
  const common = { className: classes.link, 'data-item': key, onClick: onOpen };
  switch (kind) {
    case 'failed':
    case 'flagged':
      return (
        <Link
          {...common}
          to="/competitions/$slug/submissions/$id"
          params={{ slug, id: String(submissionId) }}
          search={{ phase }}
        >
          {`${who}, submission ${submissionId}`}
        </Link>
      );
    case 'regrade':
      return (
        <Link {...common} to="/competitions/$slug/grades" params={{ slug }} search={{ phase }} hash={key}>
          {who}
        </Link>
      );
    case 'rerun':
      return (
        <Link {...common} to="/competitions/$slug/scoring" params={{ slug }} search={{ phase }}>
          {`Rerun that ${who} began`}
        </Link>
      );
    case 'ungraded':
      return (
        <Link
          {...common}
          to="/competitions/$slug/grading"
          params={{ slug }}
          search={{ phase, student: userId ?? undefined }}
        >
          {who}
        </Link>
      );
  }
}
