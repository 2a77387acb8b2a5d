import type { RunSettings } from '../../../core/contract/runs.ts';
import { formatCount, formatMemory } from '../format/number.ts';
import { formatDuration } from '../format/time.ts';
import { Copyable } from '../ui/copyable.tsx';
import classes from './submit.module.css';

interface Props {
  readonly settings: RunSettings;
  readonly laptopCommand: string | undefined;
}

const MIB = 2 ** 20;

/** What code gets to run with, what it must write, and how to try it at home. */
export function RunTerms({ settings, laptopCommand }: Props) {
  const { limits, image, output, cellSeconds } = settings;
  const terms = [
    ['Time', formatDuration(limits.wallSeconds)],
    ...(cellSeconds === null ? [] : [['Per cell', formatDuration(cellSeconds)]]),
    ['Memory', formatMemory(limits.memoryMiB * MIB)],
    ['CPUs', String(limits.cpus)],
    ['GPUs', limits.gpus === 0 ? 'none' : String(limits.gpus)],
    ['Output', `${formatMemory(limits.outputMiB * MIB)}, ${formatCount(limits.outputFiles, 'file')}`],
    ['Image', image],
  ];
  return (
    <section className={`card ${classes.terms}`} aria-labelledby="run-terms">
      <h2 id="run-terms">How code is run</h2>
      <p>
        In a sandbox without a network. It finds the public data in <code>$TOPK_DATA</code> and writes{' '}
        <code>{output}</code> into its working directory.
      </p>
      <dl className={classes.termsList}>
        {terms.map(([name, value]) => (
          <div key={name}>
            <dt className="label">{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {laptopCommand === undefined ? null : <LaptopCommand command={laptopCommand} />}
    </section>
  );
}

function LaptopCommand({ command }: { command: string }) {
  return (
    <div>
      <h3 className="label">The same on a laptop with Docker, in the folder of the code</h3>
      <Copyable text={command} />
    </div>
  );
}
