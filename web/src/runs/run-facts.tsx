import { CopyButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Run } from '../../../core/contract/runs.ts';
import { formatBytes, formatMemory } from '../format/number.ts';
import { formatDuration, formatMoment } from '../format/time.ts';
import classes from './runs.module.css';
import { secondsBetween } from './stages.ts';

/** What a run that has ended used, against what it was allowed. */
export function UsedFacts({ run }: { run: Run }) {
  const { limits, peakMemoryBytes, cpuSeconds, gpuSeconds, log, output } = run;
  const wall = secondsBetween(run.startedAt, run.exitedAt);
  const facts = [
    wall === undefined ? undefined : ['Time', formatDuration(wall), `of ${formatDuration(limits.wallSeconds)}`],
    peakMemoryBytes === undefined
      ? undefined
      : ['Peak memory', formatMemory(peakMemoryBytes), `of ${formatMemory(limits.memoryMiB * 2 ** 20)}`],
    cpuSeconds === undefined ? undefined : ['CPU time', formatDuration(cpuSeconds), ''],
    gpuSeconds === undefined ? undefined : ['GPU time', formatDuration(gpuSeconds), ''],
    output === undefined ? undefined : ['Predictions', formatBytes(output.bytes), ''],
    log === undefined
      ? undefined
      : ['Printed', formatBytes(log.bytes + log.skipped), log.skipped > 0 ? `${formatBytes(log.bytes)} kept` : ''],
  ].filter((fact) => fact !== undefined);
  if (facts.length === 0) return null;
  return (
    <dl className={classes.used} aria-label="What the run used">
      {facts.map(([name, value, rest]) => (
        <div key={name}>
          <dt className="label">{name}</dt>
          <dd className="num">
            {value} <span className="dim">{rest}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** All that is needed to run it again: what ran, with what, where and when. */
export function Provenance({ run, timeZone }: { run: Run; timeZone: string }) {
  const times = [
    ['Received', run.receivedAt],
    ['Claimed', run.claimedAt],
    ['Prepared', run.preparedAt],
    ['Started', run.startedAt],
    ['Exited', run.exitedAt],
    ['Scored', run.scoredAt],
  ] as const;
  return (
    <dl className={classes.provenance}>
      <Fact name="Image">
        <span className="mono">{run.image.name}</span> <CopyHash hash={run.image.digest} of="image" />
      </Fact>
      <Fact name="Command">
        <code>{run.command.length === 0 ? 'the entry point' : run.command.join(' ')}</code>
      </Fact>
      <Fact name="Seed">
        <span className="num">{run.seed}</span>
      </Fact>
      {run.outputName === undefined ? null : (
        <Fact name="Scored">
          <span className="mono">{run.outputName}</span>
        </Fact>
      )}
      {run.cellSeconds === undefined ? null : (
        <Fact name="Cells">
          <span className="num">{formatDuration(run.cellSeconds)} each</span>
        </Fact>
      )}
      <Fact name="CPUs">
        <span className="num">{run.limits.cpus}</span>
      </Fact>
      {run.inputs?.map((file) => (
        <Fact key={file.name} name={file.hidden ? 'Hidden input' : 'Input'}>
          <span className="mono">{file.name}</span> <CopyHash hash={file.hash} of="file" />
        </Fact>
      ))}
      {run.answerKey === undefined ? null : (
        <Fact name="Answer key">
          <CopyHash hash={run.answerKey} of="answer key" />
        </Fact>
      )}
      <Fact name="Runtime">
        <span className="mono">{run.runtime}</span>
      </Fact>
      {run.gpus.length === 0 ? null : (
        <Fact name="GPUs">
          <span className="mono">{run.gpus.join(', ')}</span>
        </Fact>
      )}
      {run.exitCode === undefined ? null : (
        <Fact name="Exit code">
          <span className="num">{run.exitCode}</span>
        </Fact>
      )}
      {run.worker === undefined ? null : (
        <Fact name="Worker">
          <span className="mono">{run.worker}</span>
        </Fact>
      )}
      {times.map(([name, at]) =>
        at === undefined ? null : (
          <Fact key={name} name={name}>
            <time dateTime={at} className="num">
              {formatMoment(at, timeZone)}
            </time>
          </Fact>
        ),
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="label">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function CopyHash({ hash, of }: { hash: string; of: 'image' | 'file' | 'answer key' }) {
  const digits = hash.replace(/^sha256:/, '');
  return (
    <CopyButton value={hash} timeout={1500}>
      {({ copied, copy }) => (
        <button type="button" className={classes.digest} onClick={copy} title={`Copy the SHA-256 of the ${of}`}>
          <span aria-live="polite">{copied ? 'copied' : `sha256 ${digits.slice(0, 12)}…`}</span>
        </button>
      )}
    </CopyButton>
  );
}
