import type { Grade, GradeLine } from '../../../core/contract/grade-scheme.ts';
import { formatPoints } from './points.ts';
import classes from './grades.module.css';

/** How each point of a grade came about, line by line, down to the sum. */
export function GradeLines({ grade }: { grade: Grade }) {
  return (
    <table className={classes.lines}>
      <caption className="visually-hidden">How each point came about</caption>
      <thead>
        <tr>
          <th scope="col" className="label">
            For
          </th>
          <th scope="col" className={`label ${classes.points}`}>
            Points
          </th>
          <th scope="col" className="label">
            Because
          </th>
        </tr>
      </thead>
      <tbody>
        {grade.lines.map((line) => (
          <tr key={`${line.kind} ${line.item ?? ''}`}>
            <th scope="row">{line.what}</th>
            <td className={`num ${classes.points}`}>{pointsOf(line)}</td>
            <td className={classes.because}>{line.because}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Grade</th>
          <td className={`num ${classes.points}`}>{formatPoints(grade.points)}</td>
          <td>of {formatPoints(grade.of)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function pointsOf({ points, of }: GradeLine) {
  if (of === null) return points < 0 ? `−${formatPoints(-points)}` : `+${formatPoints(points)}`;
  return (
    <>
      {formatPoints(points)} <span className="dim">of {formatPoints(of)}</span>
    </>
  );
}
