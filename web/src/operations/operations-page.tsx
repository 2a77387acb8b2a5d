import { Button, Skeleton } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Operations } from '../../../core/contract/operations.ts';
import { getOperations } from '../../../core/contract/operations.ts';
import { call } from '../api/call.ts';
import { meQuery } from '../api/queries.ts';
import { formatBytes } from '../format/number.ts';
import { formatDuration } from '../format/time.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Durations } from './durations.tsx';
import { Jobs } from './jobs.tsx';
import classes from './operations.module.css';
import { Queues } from './queues.tsx';
import { Workers } from './workers.tsx';

const everyMs = 5_000;

const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: ({ signal }) => call(getOperations, { signal }),
  refetchInterval: everyMs,
});

/** How the server goes, for site admins. */
export function OperationsPage() {
  const isAdmin = useQuery(meQuery).data?.isAdmin === true;
  if (!isAdmin)
    return (
      <EmptyState title="This page is for site admins" page>
        <p>It tells how the server goes.</p>
      </EmptyState>
    );
  return <Live />;
}

function Live() {
  const query = useQuery(operationsQuery);
  return (
    <div className={classes.page}>
      <PageTitle parts={['Operations']} />
      <div className="row spread">
        <h1>Operations</h1>
        <Button variant="default" size="xs" loading={query.isFetching} onClick={() => void query.refetch()}>
          Look again
        </Button>
      </div>
      {query.isError ? <Failure error={query.error} title="How the server goes could not be read" /> : null}
      {query.isPending ? <Skeleton height={300} aria-label="Loading" /> : null}
      {query.data === undefined ? null : <Everything operations={query.data} />}
    </div>
  );
}

function Everything({ operations }: { operations: Operations }) {
  const { queues, workers, jobs, durations } = operations;
  const warnings = warningsOf(operations);
  return (
    <>
      {warnings.length === 0 ? (
        <Notice tone="good" title="Nothing needs a hand" />
      ) : (
        <Notice tone="bad" title="This needs a hand">
          <ul className={classes.warnings}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Queues queues={queues} />
      <Workers workers={workers} />
      <Jobs jobs={jobs} />
      <Durations durations={durations} />
      <Server operations={operations} />
    </>
  );
}

const littleDisk = 0.1;
const longOutboxSeconds = 3_600;

function warningsOf({ workers, jobs, disk, outboxes, dependencies }: Operations): string[] {
  const stuck = jobs.filter(({ stuck: why }) => why !== null).length;
  const drained = workers.flatMap(({ name, info }) =>
    (info?.gpus ?? []).filter(({ state }) => state === 'drained').map((gpu) => `${gpu.name} of ${name}`),
  );
  return [
    ...(workers.some(({ alive }) => alive) ? [] : ['No worker is there: nothing is graded.']),
    ...workers.filter(({ alive }) => !alive).map(({ name }) => `The worker ${name} has gone without a word.`),
    ...workers.flatMap(({ alive, name, info }) =>
      alive && info?.sandbox.kind === 'away' ? [`${name} can’t reach its sandbox: ${info.sandbox.why}`] : [],
    ),
    ...(stuck === 0 ? [] : [`${stuck} ${stuck === 1 ? 'job is' : 'jobs are'} stuck; see below.`]),
    ...(drained.length === 0 ? [] : [`GPUs take no runs: ${drained.join(', ')}.`]),
    ...(disk.freeBytes < littleDisk * disk.totalBytes
      ? [`The disk is nearly full: ${formatBytes(disk.freeBytes)} are left.`]
      : []),
    ...(dependencies.redis ? [] : ['Redis does not answer.']),
    ...((outboxes.mail.oldestWaitingSeconds ?? 0) > longOutboxSeconds && dependencies.mail
      ? ['Mail waits for more than an hour: is the mail server there?']
      : []),
  ];
}

/** Disk, outboxes and versions. */
function Server({ operations: { disk, outboxes, dependencies, versions } }: { operations: Operations }) {
  const waits = ({ waiting, oldestWaitingSeconds, failed }: Operations['outboxes']['mail']) =>
    [
      waiting === 0 ? 'nothing waits' : `${waiting} wait, the oldest ${formatDuration(oldestWaitingSeconds ?? 0)}`,
      ...(failed === 0 ? [] : [`${failed} given up today`]),
    ].join(', ');
  const facts = [
    ['Disk', `${formatBytes(disk.freeBytes)} of ${formatBytes(disk.totalBytes)} free`],
    ['Database', formatBytes(disk.databaseBytes)],
    ['Mail', dependencies.mail ? waits(outboxes.mail) : 'this server sends none'],
    ['Hooks', waits(outboxes.hooks)],
    ['Redis', dependencies.redis ? 'answers' : 'does not answer'],
    ['Topk', versions.topk],
    ['Node', versions.node],
    ['Postgres', versions.postgres],
    ['Last migration', versions.migration],
  ] as const;
  return (
    <section className="card" aria-labelledby="server">
      <h2 id="server">Server</h2>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="label">{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
