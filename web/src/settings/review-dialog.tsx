import { Button, Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { finalStandingQuery, myStandingQuery } from '../api/queries.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { gradebookQuery, schemeQuery } from '../grades/queries.ts';
import { useNow } from '../ui/instant.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { consequences, type Standing } from './consequences.ts';
import type { Settings } from './settings.ts';
import { changesBetween } from './settings-words.ts';
import classes from './settings.module.css';

interface Props {
  readonly before: Settings;
  readonly after: Settings;
  readonly saving: boolean;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

/** What would be another one, and what that does to scores, grades and dates that are over, before it is saved. */
export function ReviewDialog({ before, after, saving, onSave, onClose }: Props) {
  const { competition, phase } = useCompetition();
  const { standing, error } = useStanding();
  const effects = standing === undefined ? [] : consequences(before, after, standing);
  const waits = standing === undefined && error === null;
  return (
    <Modal opened onClose={onClose} title="Save these changes?" size="lg" centered>
      <div className="stack">
        <dl className={classes.changes}>
          {changesBetween(before, after, competition.timeZone).map((change) => (
            <div key={change.setting}>
              <dt className="label">{change.title}</dt>
              <dd>
                <del>
                  <span className="visually-hidden">before: </span>
                  {change.before}
                </del>
                <ins>
                  <span className="visually-hidden">after: </span>
                  {change.after}
                </ins>
              </dd>
            </div>
          ))}
        </dl>
        {waits ? <Skeleton height={60} aria-label="Looking at what this does" /> : null}
        {error === null ? null : (
          <Failure error={error} title="What this does to scores and grades could not be looked at" />
        )}
        {effects.length === 0 ? null : (
          <Notice tone="signal" title="This changes what is there already">
            <ul className={classes.consequences}>
              {effects.map((effect) => (
                <li key={effect}>{effect}</li>
              ))}
            </ul>
          </Notice>
        )}
        {competition.publishedAt === null || phase.status === 'closed' ? null : (
          <p className="dim">Students see it at once.</p>
        )}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep editing
          </Button>
          <Button disabled={waits} loading={saving} onClick={onSave}>
            Save
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** How far the phase is: asked for when it is needed, since the grades are worked out for it. */
function useStanding(): { standing: Standing | undefined; error: Error | null } {
  const { competition, phase } = useCompetition();
  const nowMs = useNow();
  const place = { slug: competition.slug, phase: phase.slug };
  const board = useQuery(myStandingQuery(place));
  const final = useQuery(finalStandingQuery(place));
  const scheme = useQuery(schemeQuery(place));
  const isGraded = scheme.data !== undefined && scheme.data.scheme !== null;
  const book = useQuery({ ...gradebookQuery(place), enabled: isGraded });
  const error = board.error ?? final.error ?? scheme.error ?? book.error;
  if (board.data === undefined || final.data === undefined || scheme.data === undefined)
    return { standing: undefined, error };
  if (isGraded && book.data === undefined) return { standing: undefined, error };
  return {
    standing: {
      revealed: phase.revealed,
      frozen: final.data.final !== null,
      teams: board.data.teams,
      released: book.data?.rows.filter(({ released }) => released !== null).length ?? 0,
      nowMs,
    },
    error,
  };
}
