import { useQuery } from '@tanstack/react-query';
import type { Extension } from '../../../core/contract/dates.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { extensionsQuery } from '../dates/queries.ts';
import type { TimelineMark } from '../dates/time-marks.ts';
import { Timeline } from '../dates/timeline.tsx';
import { localOf } from '../dates/zoned.ts';
import type { FieldsProps } from './fields.ts';
import { settingTitles, type Settings } from './settings.ts';
import type { FieldErrors } from './settings-draft.ts';

const dated = ['opensAt', 'dueAt', 'lateUntil', 'revealAt', 'teamsLockAt'] as const;
type Dated = (typeof dated)[number];

const none: Readonly<Record<Dated, string>> = {
  opensAt: 'once it is published',
  dueAt: 'never',
  lateUntil: 'nothing is taken late',
  revealAt: 'once nobody can submit any more',
  teamsLockAt: 'never',
};

const movable: ReadonlySet<string> = new Set(dated);

interface Props extends Pick<FieldsProps, 'after' | 'change'> {
  /** What is wrong, before anything is sent. */
  readonly found: FieldErrors;
}

/** The dates as they would be, on one axis, with what is wrong with their order. */
export function DateTimeline({ after, change, found }: Props) {
  const { competition, phase } = useCompetition();
  const { slug, timeZone } = competition;
  const { data: extensions = [] } = useQuery(extensionsQuery(slug));
  const last = lastClosing(
    extensions.filter((extension) => extension.phase === phase.slug),
    after,
  );
  const marks: TimelineMark[] = dated.map((name) => ({
    name,
    title: settingTitles[name],
    at: after[name],
    none: none[name],
    error: found.get(name),
  }));
  return (
    <Timeline
      label="The dates on a line"
      timeZone={timeZone}
      marks={last === null ? marks : [...marks, { name: 'extension', title: 'Last extension ends', at: last }]}
      movable={movable}
      onMove={(name, at) => change({ [name]: localOf(at, timeZone) })}
    />
  );
}

/** When the last of them who have an extension can't submit any more: without a late time of its own it is as long after the due time as for the class. */
function lastClosing(extensions: readonly Extension[], { dueAt, lateUntil }: Settings): string | null {
  const lateMs = dueAt === null || lateUntil === null ? 0 : Date.parse(lateUntil) - Date.parse(dueAt);
  const ends = extensions.flatMap((extension) => {
    if (extension.lateUntil !== null) return [Date.parse(extension.lateUntil)];
    return extension.dueAt === null ? [] : [Date.parse(extension.dueAt) + Math.max(0, lateMs)];
  });
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}
