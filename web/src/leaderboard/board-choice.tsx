import { Link, useNavigate } from '@tanstack/react-router';
import { exportLeaderboard } from '../../../core/contract/leaderboard.ts';
import type { Board } from '../../../core/contract/scores.ts';
import { urlOf } from '../api/call.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { When } from '../ui/instant.tsx';
import classes from './board-choice.module.css';

/** The two links differ in a search parameter only, which one of them lacks. */
const exactly = { exact: true, explicitUndefined: true };

interface Props {
  readonly board: Board;
  readonly part: string | undefined;
  readonly mayReadPrivate: boolean;
}

/** Public or private, all of the phase or one of its parts; the private board of a running phase is named, closed, and says when it opens. */
export function BoardChoice({ board, part, mayReadPrivate }: Props) {
  const { competition, phase, phaseSlug, staff } = useCompetition();
  const revealAt = phase.revealsAt;
  const place = { to: '/competitions/$slug/leaderboard', params: { slug: competition.slug } } as const;
  return (
    <div className={classes.bar}>
      <nav aria-label="Board" className={classes.choice}>
        <Link
          {...place}
          search={{ phase: phaseSlug, board: undefined, part }}
          activeOptions={exactly}
          className={classes.option}
          data-chosen={board === 'public' || undefined}
        >
          Public
        </Link>
        {mayReadPrivate ? (
          <Link
            {...place}
            search={{ phase: phaseSlug, board: 'private', part }}
            activeOptions={exactly}
            className={classes.option}
            data-chosen={board === 'private' || undefined}
          >
            Private
          </Link>
        ) : (
          <span
            className={classes.option}
            role="link"
            aria-disabled="true"
            tabIndex={0}
            aria-describedby="private-hint"
          >
            Private
          </span>
        )}
      </nav>
      {mayReadPrivate ? null : (
        <p id="private-hint" className="dim">
          The private board decides, and is revealed{' '}
          {revealAt === null ? 'by your instructor' : <When at={revealAt} timeZone={competition.timeZone} />}
        </p>
      )}
      {phase.parts.length > 0 ? <PartChoice part={part} /> : null}
      {staff ? (
        <a
          className={classes.export}
          href={urlOf(exportLeaderboard, {
            params: { slug: competition.slug },
            query: { phase: phaseSlug, board, part },
          })}
          download
        >
          Download as CSV
        </a>
      ) : null}
    </div>
  );
}

/** The whole phase, or what is for one of its parts. */
function PartChoice({ part }: { part: string | undefined }) {
  const { phase } = useCompetition();
  const navigate = useNavigate();
  return (
    <label className={classes.part}>
      <span className="label">Part</span>
      <select
        value={part ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          void navigate({
            to: '.',
            replace: true,
            search: (search) => ({ ...search, part: chosen === '' ? undefined : chosen }),
          });
        }}
      >
        <option value="">All parts</option>
        {phase.parts.map(({ slug, title }) => (
          <option key={slug} value={slug}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
