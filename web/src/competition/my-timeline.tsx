import type { TimelineMark } from '../dates/time-marks.ts';
import { Timeline } from '../dates/timeline.tsx';
import { myDates } from './phase.ts';
import { useCompetition } from './use-competition.ts';

/** The dates of a phase on a line, a student's own where they have others. Nothing where there are not two. */
export function MyTimeline() {
  const { competition, phase } = useCompetition();
  const { dueAt, lateUntil, extended } = myDates(phase);
  const dates = [
    ['opens', 'Opening', phase.opensAt],
    ['teams', 'Teams are locked', competition.maxTeamSize > 1 ? competition.teamsLockAt : null],
    ['due', extended ? 'Your due time' : 'Due time', dueAt],
    ['late', 'Late work is taken until', lateUntil],
    ['reveal', 'Private board is shown', phase.revealsAt],
  ] as const;
  const marks = dates.flatMap(([name, title, at]): TimelineMark[] => (at === null ? [] : [{ name, title, at }]));
  if (marks.length < 2) return null;
  return <Timeline label="Dates" timeZone={competition.timeZone} marks={marks} />;
}
