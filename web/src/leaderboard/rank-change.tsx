import classes from './board-table.module.css';

/** How a team's rank on the private board came about from the one on the public board. */
export function RankChange({ rank, publicRank }: { rank: number; publicRank: number | null }) {
  if (publicRank === null) return <span className={classes.same}>new</span>;
  const places = Math.abs(publicRank - rank);
  if (places === 0)
    return (
      <span className={classes.same} title={`Rank ${publicRank} on the public board too`}>
        =
      </span>
    );
  const rose = rank < publicRank;
  return (
    <span className={rose ? classes.up : classes.down} title={`Rank ${publicRank} on the public board`}>
      <span aria-hidden="true">{rose ? '▲' : '▼'}</span>
      <span className="visually-hidden">{rose ? 'up' : 'down'}</span>
      {places}
    </span>
  );
}
