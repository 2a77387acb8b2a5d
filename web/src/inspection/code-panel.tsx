import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { CodeFile, CodeText } from '../../../core/contract/inspection.ts';
import { formatBytes, formatCount } from '../format/number.ts';
import { CellView } from '../notebook/cell-view.tsx';
import notebook from '../notebook/notebook.module.css';
import { readNotebook } from '../notebook/notebook.ts';
import { plainText } from '../notebook/plain-text.ts';
import { Failure } from '../ui/notice.tsx';
import { highlightPython } from './highlight.ts';
import classes from './inspection.module.css';
import { codeFilesQuery, codeTextQuery } from './queries.ts';

/** The code of a submission, for staff: its files, and what one of them says. */
export function CodePanel({ id }: { id: number }) {
  const { data: files, error } = useQuery(codeFilesQuery(id));
  const [chosen, choose] = useState<string>();
  const first = files?.find(({ path }) => /^main\.(py|ipynb)$/.test(path)) ?? files?.[0];
  const path = chosen ?? first?.path;
  return (
    <section className="stack" aria-label="Code">
      <h3>Code</h3>
      {error === null ? null : <Failure error={error} title="The files could not be listed" />}
      {files === undefined && error === null ? <Skeleton height={240} /> : null}
      {files !== undefined && files.length > 1 && path !== undefined ? (
        <FileChoice files={files} path={path} onChoose={choose} />
      ) : null}
      {path === undefined ? null : <OneFile key={path} id={id} path={path} />}
    </section>
  );
}

interface ChoiceProps {
  readonly files: readonly CodeFile[];
  readonly path: string;
  readonly onChoose: (path: string) => void;
}

function FileChoice({ files, path, onChoose }: ChoiceProps) {
  return (
    <ul className={classes.files} aria-label={formatCount(files.length, 'file')}>
      {files.map((file) => (
        <li key={file.path}>
          <button type="button" aria-current={file.path === path || undefined} onClick={() => onChoose(file.path)}>
            <span>{file.path}</span> <span className="num dim">{formatBytes(file.bytes)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function OneFile({ id, path }: { id: number; path: string }) {
  const { data, error } = useQuery(codeTextQuery(id, path));
  if (error !== null) return <Failure error={error} title={`${path} could not be read`} />;
  if (data === undefined) return <Skeleton height={240} aria-label={`Reading ${path}`} />;
  return (
    <>
      <FileText file={data} />
      {data.cut ? <p className="dim">Only its beginning is shown; all of it is in the download.</p> : null}
    </>
  );
}

function FileText({ file: { path, text, bytes } }: { file: CodeText }) {
  if (text === null) return <p className="dim">{`${path} is no text (${formatBytes(bytes)}).`}</p>;
  if (/\.ipynb$/i.test(path)) return <Notebook json={text} path={path} />;
  return <Lines text={text} path={path} />;
}

/** As its author sent it; what it printed then is shown as well. */
function Notebook({ json, path }: { json: string; path: string }) {
  const view = useMemo(() => readNotebook(json, plainText), [json]);
  if (view === undefined) return <Lines text={json} path={path} />;
  return (
    <>
      <ol className={notebook['cells']}>
        {view.cells.map((cell) => (
          <CellView key={cell.place} cell={cell} />
        ))}
      </ol>
      {view.moreCells > 0 ? (
        <p className="dim">and {formatCount(view.moreCells, 'more cell')}, in the download</p>
      ) : null}
    </>
  );
}

function Lines({ text: all, path }: { text: string; path: string }) {
  // The last line has an end, and none after it.
  const text = all.replace(/\n$/, '');
  const lines = useMemo(
    () =>
      /\.py$/i.test(path) ? highlightPython(text) : text.split('\n').map((line) => [{ text: line, kind: undefined }]),
    [text, path],
  );
  return (
    // A wide text scrolls by itself, so it must be reached by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={classes.code} tabIndex={0} aria-label={path}>
      {lines.map((line, index) => (
        <span key={index} className={classes.line}>
          {line.map((piece, at) =>
            piece.kind === undefined ? (
              piece.text
            ) : (
              <span key={at} data-kind={piece.kind}>
                {piece.text}
              </span>
            ),
          )}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
