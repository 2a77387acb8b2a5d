import { formatCount } from '../format/number.ts';
import { Markdown } from '../ui/markdown.tsx';
import type { Cell, Excerpt, Output } from './notebook.ts';
import classes from './notebook.module.css';

export function CellView({ cell }: { cell: Cell }) {
  const failed = cell.kind === 'code' && cell.failed;
  const number = cell.kind === 'code' ? cell.number : undefined;
  return (
    <li id={`cell-${cell.place}`} className={classes.cell} data-kind={cell.kind} data-failed={failed || undefined}>
      <p className={`num ${classes.mark}`}>
        {number === undefined ? null : (
          <a href={`#cell-${cell.place}`} aria-label={`Cell ${number}`}>
            {number}
          </a>
        )}
        {failed ? <strong className={classes.failed}>went wrong</strong> : null}
      </p>
      <div className={classes.content}>
        {cell.kind === 'markdown' && cell.source.left === 0 ? (
          <Markdown text={cell.source.head} by="student" />
        ) : (
          <Text text={cell.source} className={cell.kind === 'code' ? classes.source : classes.output} />
        )}
        {cell.kind === 'code' ? <Outputs cell={cell} /> : null}
      </div>
    </li>
  );
}

function Outputs({ cell }: { cell: Cell & { kind: 'code' } }) {
  return (
    <>
      {cell.moreOutputs > 0 ? (
        <p className={`dim ${classes.note}`}>{formatCount(cell.moreOutputs, 'output')} left out before the last one</p>
      ) : null}
      {cell.outputs.map((output, index) => (
        <OutputView key={index} output={output} />
      ))}
    </>
  );
}

function OutputView({ output }: { output: Output }) {
  switch (output.kind) {
    case 'text':
      return <Text text={output.text} className={classes.output} tone={output.tone} />;
    case 'image':
      return <img className={classes.image} src={output.url} alt={output.alt} loading="lazy" decoding="async" />;
    case 'unshown':
      return <p className={`dim ${classes.note}`}>Not shown here: {output.what}</p>;
  }
}

/** A wide text scrolls by itself, so it must be reached by keyboard. */
function Text({ text, className, tone }: { text: Excerpt; className: string | undefined; tone?: string }) {
  if (text.head === '' && text.left === 0) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={className} data-tone={tone} tabIndex={0}>
      {text.head}
      {text.left === 0 ? null : (
        <>
          <span className={classes.cut}>{`\n… ${formatCount(text.left, 'character')} left out …\n`}</span>
          {text.tail}
        </>
      )}
    </pre>
  );
}
