import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { AgreeingPair, RowInsights } from '../../../core/contract/insights.ts';
import { useCompetition } from '../competition/use-competition.ts';
import { formatCount } from '../format/number.ts';
import { Failure } from '../ui/notice.tsx';
import classes from './insights.module.css';
import { rowInsightsQuery } from './queries.ts';

/** What is known of each row. Asked for only when somebody wants it: the server may have to read the files of all teams. */
export function RowsSection() {
  const [isOpen, open] = useState(false);
  return (
    <section className="card stack" aria-labelledby="rows">
      <h2 id="rows">Row by row</h2>
      {isOpen ? (
        <Rows />
      ) : (
        <>
          <p>The hardest rows, what is taken for what, and submissions that agree more than chance allows.</p>
          <div>
            <Button variant="default" onClick={() => open(true)}>
              Read the submissions that count
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Rows() {
  const { competition, phaseSlug } = useCompetition();
  const { data, error } = useQuery(rowInsightsQuery({ slug: competition.slug, phase: phaseSlug }));
  if (error !== null) return <Failure error={error} title="The rows could not be read" />;
  if (data === undefined) return <Skeleton height={240} aria-label="Reading the rows" />;
  return (
    <>
      <p className="dim">
        {data.of === data.teams ? formatCount(data.teams, 'team') : `The best ${data.teams} of ${data.of} teams`},{' '}
        {formatCount(data.rows, 'row')} each, right by {data.metric}.
      </p>
      <Hardest insights={data} />
      <Confusions insights={data} />
      <Pairs insights={data} />
    </>
  );
}

function Hardest({ insights: { hardest, teams } }: { insights: RowInsights }) {
  return (
    <Table title="Hardest rows" head={['Row', 'True label', 'Right', 'Most often taken for']}>
      {hardest.map(({ id, truth, right, mistake }) => (
        <tr key={id}>
          <th scope="row" className="mono">
            {id}
          </th>
          <td>{truth}</td>
          <td className="num">
            {right} of {teams}
          </td>
          <td>{mistake === null ? '' : `${mistake.label} (${mistake.count})`}</td>
        </tr>
      ))}
    </Table>
  );
}

function Confusions({ insights: { confusions } }: { insights: RowInsights }) {
  return (
    <Table
      title="Labels that are confused"
      head={['True label', 'Taken for', 'How often', 'Of all answers to that label']}
    >
      {confusions.map(({ truth, predicted, count, share }) => (
        <tr key={`${truth} ${predicted}`}>
          <th scope="row">{truth}</th>
          <td>{predicted}</td>
          <td className="num">{count.toLocaleString('en-US')}</td>
          <td className="num">{(100 * share).toFixed(1)} %</td>
        </tr>
      ))}
    </Table>
  );
}

function Pairs({ insights: { pairs, comparedPairs, comparedRows, rows } }: { insights: RowInsights }) {
  const on = comparedRows === rows ? '' : ` on ${formatCount(comparedRows, 'row')}`;
  return (
    <>
      {pairs.length === 0 ? (
        <section className="stack" aria-label="Pairs that agree">
          <h3>Pairs that agree more than chance allows</h3>
          <p>{`None of ${formatCount(comparedPairs, 'pair')}${on}.`}</p>
        </section>
      ) : (
        <Table
          title="Pairs that agree more than chance allows"
          head={['Submissions', 'Both wrong', 'The same mistake', 'By chance', 'Likelihood']}
        >
          {pairs.map((pair) => (
            <Pair key={`${pair.a.submissionId} ${pair.b.submissionId}`} pair={pair} />
          ))}
        </Table>
      )}
      <p className="dim">
        Of rows that both got wrong, in how many they made the same mistake, against what the other teams’ mistakes on
        these rows let one expect. Two models that were trained alike agree as well: this is a reason to look at both,
        and no proof.
      </p>
    </>
  );
}

function Pair({ pair: { a, b, wrong, same, expected, chance } }: { pair: AgreeingPair }) {
  const { competition, phaseSlug } = useCompetition();
  const link = ({ team, submissionId }: AgreeingPair['a']) => (
    <Link
      to="/competitions/$slug/submissions/$id"
      params={{ slug: competition.slug, id: String(submissionId) }}
      search={{ phase: phaseSlug }}
    >
      {team}
    </Link>
  );
  return (
    <tr>
      <th scope="row">
        {link(a)}, {link(b)}
      </th>
      <td className="num">{wrong.toLocaleString('en-US')}</td>
      <td className="num">{same.toLocaleString('en-US')}</td>
      <td className="num">{expected.toFixed(1)}</td>
      <td className="num">{chance < 1e-12 ? 'below 10⁻¹²' : `at most ${chance.toPrecision(1)}`}</td>
    </tr>
  );
}

function Table({ title, head, children }: { title: string; head: readonly string[]; children: ReactNode }) {
  return (
    <section className="stack" aria-label={title}>
      <h3>{title}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${title}, as a table`}>
        <table className={classes.table}>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col" className="label">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  );
}
