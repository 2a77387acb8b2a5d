import { Skeleton } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Leaderboard, LeaderboardRow } from '../../../core/contract/leaderboard.ts';
import { Toggles } from '../ui/toggles.tsx';
import classes from './board-charts.module.css';

const RacePlot = lazy(async () => ({ default: (await import('./race-plot.tsx')).RacePlot }));
const DistributionPlot = lazy(async () => ({ default: (await import('./distribution-plot.tsx')).DistributionPlot }));
const ShakeUpPlot = lazy(async () => ({ default: (await import('./shake-up-plot.tsx')).ShakeUpPlot }));

type Chart = 'race' | 'distribution' | 'shake-up';

interface Props {
  readonly board: Leaderboard;
  readonly rows: readonly LeaderboardRow[];
  /** Whether all rows are there. */
  readonly complete: boolean;
  readonly onNeedAll: () => void;
  /** Whether it is the board of a part of the phase only. */
  readonly ofPart: boolean;
}

/** A board drawn, as somebody asks for it: the race of the first ones, how the scores are spread, and after the reveal who rose and fell. */
export function BoardCharts({ board, rows, complete, onNeedAll, ofPart }: Props) {
  const [chart, setChart] = useState<Chart>();
  const needsAll = chart !== undefined && chart !== 'race' && !complete;
  useEffect(() => {
    if (needsAll) onNeedAll();
  }, [needsAll, onNeedAll]);
  const isPublic = board.board === 'public';
  const charts: { value: Chart; label: string }[] = [
    ...(isPublic && !ofPart ? [{ value: 'race' as const, label: 'Race' }] : []),
    { value: 'distribution', label: 'Scores' },
    ...(isPublic ? [] : [{ value: 'shake-up' as const, label: 'Shake-up' }]),
  ];
  return (
    <div className={classes.charts}>
      <div className="row">
        <span className="label">Draw</span>
        <Toggles
          label="Draw"
          options={charts}
          chosen={chart}
          onChoose={(value) => setChart(value === chart ? undefined : value)}
        />
      </div>
      {chart === undefined ? null : (
        <div className="card">
          <Suspense fallback={<Skeleton height={380} />}>
            {needsAll ? <Skeleton height={380} aria-label="Loading the board" /> : null}
            {chart === 'race' ? <RacePlot /> : null}
            {chart === 'distribution' && complete ? <DistributionPlot board={board} rows={rows} /> : null}
            {chart === 'shake-up' && complete ? <ShakeUpPlot board={board} rows={rows} /> : null}
          </Suspense>
        </div>
      )}
    </div>
  );
}
